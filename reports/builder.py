"""Puts together what a value report says: from goals, agreed definitions, measurements and readings of the period.

Everything that page and PDF show of the period is in here; people are named by their ids.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation

from accounts.models import Customer
from accounts.services import workspace_settings
from cs_portal.metrics.attainment import path_band
from cs_portal.metrics.base import Period, Reading, Reason
from kvi.charts import attainment_chart
from kvi.models import Goal, Indicator, IndicatorVersion, Measurement
from kvi.queries import in_full, with_versions
from kvi.scorecard import measure, today
from reports.content import SCHEMA, Content

Stored = dict[str, Any]
Found = Mapping[tuple[str | None, str, str], Reading]
MONEY = ("conservative", "expected", "conservative_confirmed", "expected_confirmed")
CUSTOMER_CODES = ("customer_value_score", "kvi_confirmed_share", "kvi_value", "kvi_value_to_date")
GOAL_CODES = ("goal_attainment", "goal_coverage")
KVI_CODES = ("kvi_attainment", "kvi_planned", "kvi_path_gap", "kvi_value")
SATISFACTION = ("nps", "csat", "ces")
Status = Measurement.Status


@dataclass(frozen=True)
class Known:
    """What was read for all goals together."""

    language: str
    measured: Mapping[int, list[Measurement]]
    readings: Found
    tolerance: Decimal


def build(customer: Customer, period: Period, language: str, comment: str) -> Content:
    """The content as known today; about twenty queries, however many goals and indicators."""
    settings = workspace_settings()
    goals = _goals(customer, period)
    indicators = _indicators(goals, period, today(settings))
    readings = _readings(customer, goals, indicators, period)
    known = Known(language, _measurements(indicators, period), readings, settings.kvi_path_tolerance)
    with translation.override(language):
        told = [_goal(goal, [row for row in indicators if row[0].goal_id == goal.pk], known) for goal in goals]
    return {
        "schema": SCHEMA,
        "language": language,
        "customer": {"id": customer.external_id, "name": customer.name},
        "period": period.as_json(),
        "as_of": today(settings).isoformat(),
        "currency": settings.reporting_currency,
        "owner": customer.owner_id,
        "comment": _paragraphs(comment),
        "score": _pick(readings, customer.external_id, "customer_value_score:collective"),
        "score_individual": _pick(readings, customer.external_id, "customer_value_score:individual"),
        "confirmed_share": _pick(readings, customer.external_id, "kvi_confirmed_share"),
        "value": _money(readings, customer.external_id, "kvi_value"),
        "value_to_date": _money(readings, customer.external_id, "kvi_value_to_date"),
        "goals": [goal for goal in told if goal["indicators"]],
        "feedback": _feedback(customer, period, settings.min_n),
        "min_n": settings.min_n,
    }


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


# --- what is read ---------------------------------------------------------------------------------------


def _goals(customer: Customer, period: Period) -> list[Goal]:
    """Active on the last day of the period."""
    rows = Goal.objects.filter(customer=customer, start_date__lte=period.last_day).exclude(
        retired_on__lte=period.last_day
    )
    return list(rows.select_related("user_group").order_by("scope", "-weight", "start_date", "pk"))


def _indicators(
    goals: Sequence[Goal], period: Period, as_of: date
) -> list[tuple[Indicator, IndicatorVersion, list[IndicatorVersion]]]:
    """Each active indicator with the version in force on the last day, and with all its agreed versions."""
    found = []
    for indicator in in_full(with_versions(Indicator.objects.filter(goal__in=goals))).order_by("goal", "pk"):
        versions: list[IndicatorVersion] = indicator.all_versions  # type: ignore[attr-defined]
        agreed = [version for version in versions if version.agreed_on and version.agreed_on <= as_of]
        version = _in_force(agreed, period.last_day)
        if version is not None:
            found.append((indicator, version, agreed))
    return found


def _in_force(agreed: Iterable[IndicatorVersion], day: date) -> IndicatorVersion | None:
    """metrics.md 11 rule 1."""
    begun = [version for version in agreed if version.valid_from and version.valid_from <= day]
    latest = max(begun, key=lambda version: (version.valid_from, version.number), default=None)
    return None if latest is None or (latest.retired_on and latest.retired_on <= day) else latest


def _measurements(indicators: Sequence[tuple[Indicator, Any, Any]], period: Period) -> Mapping[int, list[Measurement]]:
    found: dict[int, list[Measurement]] = defaultdict(list)
    rows = Measurement.objects.filter(indicator__in=[row[0] for row in indicators], date__lte=period.last_day)
    for row in rows.order_by("date", "external_id"):
        found[row.indicator_id].append(row)
    return found


def _readings(
    customer: Customer, goals: Sequence[Goal], indicators: Sequence[tuple[Indicator, Any, Any]], period: Period
) -> Found:
    names = [row[0].external_id for row in indicators]
    asked = [
        *measure(CUSTOMER_CODES, period, level="customer", subjects=[customer.external_id], variant="all"),
        *measure(GOAL_CODES, period, level="goal", subjects=[goal.external_id for goal in goals]),
        *measure(KVI_CODES, period, level="kvi", subjects=names, variant="all"),
    ]
    return {(reading.subject, reading.metric, reading.variant): reading for reading in asked}


def _pick(readings: Found, subject: str, metric: str) -> Stored:
    """In its default variant, which the scorecard names first."""
    return next(r.as_json() for key, r in readings.items() if key[:2] == (subject, metric))


def _money(readings: Found, subject: str, metric: str) -> dict[str, Stored]:
    return {variant: readings[subject, metric, variant].as_json() for variant in MONEY}


# --- what is told -----------------------------------------------------------------------------------------


def _goal(
    goal: Goal,
    indicators: Iterable[tuple[Indicator, IndicatorVersion, list[IndicatorVersion]]],
    known: Known,
) -> Stored:
    return {
        "id": goal.external_id,
        "name": goal.name,
        "description": goal.description,
        "scope": goal.scope,
        "group": goal.user_group.name if goal.user_group else "",
        "attainment": _pick(known.readings, goal.external_id, "goal_attainment"),
        "coverage": _pick(known.readings, goal.external_id, "goal_coverage"),
        "indicators": [_indicator(indicator, version, agreed, known) for indicator, version, agreed in indicators],
    }


def _indicator(indicator: Indicator, version: IndicatorVersion, agreed: list[IndicatorVersion], known: Known) -> Stored:
    readings, language, measured = known.readings, known.language, known.measured.get(indicator.pk, [])
    name = indicator.external_id
    counting = [row for row in measured if row.status != Status.DISPUTED and _in_force(agreed, row.date)]
    disputed = [row for row in measured if row.status == Status.DISPUTED]
    gap = readings[name, "kvi_path_gap", "default"]
    chart = attainment_chart(version, measured, language) if measured else None
    return {
        "id": name,
        "definition": _definition(version, language),
        "current": _measurement(counting[-1]) if counting else None,
        "disputed": [_measurement(row) for row in disputed],
        "attainment": _pick(readings, name, "kvi_attainment"),
        "planned": _pick(readings, name, "kvi_planned"),
        "gap": gap.as_json(),
        "band": _band(gap, version, known.tolerance),
        "value": _money(readings, name, "kvi_value") if version.value_kind else None,
        "chart": chart.as_json() if chart else None,
    }


def _band(gap: Reading, version: IndicatorVersion, standard: Decimal) -> str:
    if gap.value is None:
        return ""
    tolerance = version.path_tolerance
    return path_band(gap.value, standard if tolerance is None else tolerance)


def _definition(version: IndicatorVersion, language: str) -> Stored:
    """The agreed definition in the report's language, with who signed it by id."""
    exact = ("baseline", "target", "range_low", "range_high", "value_factor_conservative", "value_factor_expected")
    plain = ("kind", "direction", "unit", "path", "cadence", "value_kind", "value_currency", "provenance")
    days = ("baseline_date", "due_date", "valid_from", "agreed_on")
    return {
        "version": version.number,
        "hash": version.content_hash,
        "name": version.text("name", language),
        "question": version.text("question", language),
        **{field: getattr(version, field) for field in plain},
        **{field: _text(getattr(version, field)) for field in (*exact, *days)},
        "levels": version.levels or [],
        "signed": [
            {"side": agreement.side, "contact": agreement.contact_id, "user": agreement.user_id}
            for agreement in version.agreements.all()
        ],
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _measurement(row: Measurement) -> Stored:
    return {"date": row.date.isoformat(), "value": _text(row.value), "level": row.level, "status": row.status}


# --- satisfaction --------------------------------------------------------------------------------------------


def _feedback(customer: Customer, period: Period, min_n: int) -> Stored:
    """What customers are shown only from min_n answers on (metrics.md 6 rule 5); fewer stay out."""
    codes = [*SATISFACTION, "nps_share", "survey_answers", "response_rate"]
    readings = {r.metric: r for r in measure(codes, period, level="customer", subjects=[customer.external_id])}
    answers = {kind: readings[f"survey_answers:{kind}"].value or 0 for kind in SATISFACTION}
    shown = {code: answers[code.split("_", maxsplit=1)[0]] >= min_n for code in ("nps", "nps_share", "csat", "ces")}
    shown["response_rate"] = any(count >= min_n for count in answers.values())
    return {
        "answered": any(answers.values()),
        "readings": {
            name: (reading if shown[reading.code] or not reading.n else _too_few(reading)).as_json()
            for name, reading in readings.items()
            if reading.code in shown
        },
    }


def _too_few(reading: Reading) -> Reading:
    return replace(
        reading, value=None, numerator=None, denominator=None, n=None, interval=None, reason=Reason.BELOW_MINIMUM_N
    )
