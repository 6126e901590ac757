"""How a report says things: days, values and fixed sentences, in the language that is active."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from babel.dates import format_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cs_portal.kit.charts import quantity_text
from cs_portal.metrics.display import DASH
from kvi.models import Measurement
from reports.content import Content


def day_text(when: date | str | None) -> str:
    if not when:
        return ""
    return _day(date.fromisoformat(when) if isinstance(when, str) else when, get_language() or "en")


@lru_cache(maxsize=4096)
def _day(when: date, language: str) -> str:
    return format_date(when, "d. MMMM y" if language == "de" else "d MMMM y", locale=language)


def choice_text(choices: Any, key: str) -> str:
    return str(choices(key).label) if key else ""


def agreed_text(definition: Mapping[str, Any], field: str, language: str) -> str:
    """Baseline or target; for a range the range, for levels the lowest and highest."""
    if definition["kind"] == "qualitative":
        levels, given = definition["levels"], definition[field]
        index = int(Fraction(given)) if given is not None else (0 if field == "baseline" else -1)
        return levels[index] if levels and index < len(levels) else DASH
    if definition["direction"] == "maintain":
        if field == "baseline":
            return quantity_text(definition[field], definition["unit"], language) if definition[field] else DASH
        low, high = (quantity_text(definition[name], "", language) for name in ("range_low", "range_high"))
        return f"{low}–{high} {definition['unit']}".strip()
    return DASH if definition[field] is None else quantity_text(definition[field], definition["unit"], language)


def value_text(definition: Mapping[str, Any], row: Mapping[str, Any], language: str) -> str:
    if row["level"] is None:
        return quantity_text(row["value"], definition["unit"], language)
    levels = definition["levels"]
    return levels[row["level"]] if row["level"] < len(levels) else str(row["level"])


def measured_text(current: Mapping[str, Any] | None) -> str:
    if current is None:
        return _("not measured yet")
    status = choice_text(Measurement.Status, current["status"])
    return _("%(day)s, %(status)s") % {"day": day_text(current["date"]), "status": status.lower()}


def bands() -> dict[str, str]:
    return {
        "ahead": _("ahead of plan"), "on_path": _("on plan"), "behind": _("behind plan"),
        "critical": _("far behind plan"),
    }  # fmt: skip


def satisfaction_names() -> dict[str, str]:
    return {
        "nps": _("Net promoter score (recommendation, −100 to 100)"),
        "csat": _("Customer satisfaction (share of satisfied answers)"),
        "ces": _("Low effort (share of answers that found it easy)"),
        "response_rate": _("Response rate"),
    }


def method(content: Content) -> list[str]:
    return [
        _("Attainment is how far the measured value has come from where we began to the target: 100 % is the target."),
        _("The plan is the agreed path from the baseline to the target on the last day of the period."),
        _("Values that you dispute are never counted. Values you have not confirmed yet are counted and marked."),
        _("Value in money multiplies the improvement by the factor agreed with you: conservative and expected."),
        _("Satisfaction is shown from %(n)s answers on, so that nobody can be recognised.") % {"n": content["min_n"]},
    ]


def labels() -> dict[str, str]:
    return {
        "agreed": _("What we agreed, and where it stands"),
        "comment": _("In our words"),
        "goal": _("Goal"),
        "attainment": _("Attainment"),
        "planned": _("Plan"),
        "current": _("Reached"),
        "from": _("From"),
        "target": _("Target"),
        "satisfaction": _("How satisfied you are"),
        "money": _("What it is worth"),
        "method": _("How we count"),
        "definitions": _("The agreed definitions"),
        "release": _("Releases"),
        "hash": _("Fingerprint of the content"),
        "page": _("Page"),
        "of": _("of"),
    }
