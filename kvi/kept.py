"""What goals, indicators, definitions and measurements keep of their changes, and in which words it is told."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.audit.keeping import Rows, Unfolding, keep_changes
from cs_portal.kit.worded import worded
from kvi.models import Goal, Indicator, IndicatorVersion, Measurement

Texts = Mapping[str, Mapping[str, str]] | None
TEXTS = {
    ("de", "name"): _("Name in German"),
    ("en", "name"): _("Name in English"),
    ("de", "question"): _("Question in German"),
    ("en", "question"): _("Question in English"),
}
NAMES = {"owner": _("owner on our side"), "retired_on": _("retired on"), "state": _("state"), "note": _("note")}


def _texts() -> Unfolding:
    def rows(old: Texts, new: Texts) -> Rows:
        said = [
            (str(label), *((some or {}).get(at[0], {}).get(at[1]) for some in (old, new)))
            for at, label in TEXTS.items()
        ]
        return [row for row in said if (row[1] or "") != (row[2] or "")]

    return rows


def _steps() -> Unfolding:
    def text(points: list[list[str]] | None) -> str:
        return "; ".join(f"{worded(date.fromisoformat(day))}: {worded(Decimal(share))}" for day, share in points or ())

    return lambda old, new: [(_now("Path in steps"), text(old), text(new))]


def _numbers() -> Unfolding:
    def text(values: list[Any] | None) -> str:
        return "; ".join(worded(Decimal(str(value))) for value in values or ())

    return lambda old, new: [(_now("Level scores"), text(old), text(new))]


def _day(measurement: Measurement) -> str:
    return date_format(measurement.date, "SHORT_DATE_FORMAT")


keep_changes(
    Goal,
    words={"goal_type": dict(Goal.Type.choices)},
    names={
        **NAMES,
        "customer": _("customer"),
        "description": _("description"),
        "next_review_on": _("next review"),
        "closing_note": _("closing note"),
    },
)
keep_changes(Indicator, names={**NAMES, "goal": _("goal")}, title=lambda row: "")
keep_changes(
    IndicatorVersion,
    silent=("indicator", "number", "content_hash"),
    covered={"name": "texts", "question": "texts"},
    unfold={"texts": _texts, "path_points": _steps, "level_scores": _numbers},
    names={
        **NAMES,
        "question": _("question"),
        "texts": _("texts"),
        "path_points": _("path in steps"),
        "valid_from_last_signature": _("valid from the last signature"),
        "agreed_on": _("agreed on"),
        "provenance": _("provenance"),
        "proposed_by_side": _("proposed by"),
        "proposed_to": _("proposed to"),
        "proposed_at": _("proposed"),
        "counters": _("counters"),
    },
)
keep_changes(
    Measurement,
    silent=("indicator", "revision", "touched_in_app", "origin"),
    title=_day,
    names={
        "status": _("state"),
        "source": _("source"),
        "evidence": _("evidence"),
        "comment": _("comment"),
        "entered_by": _("entered by"),
        "decided_by": _("decided by"),
        "decided_at": _("decided"),
        "dispute_reason": _("reason of the dispute"),
    },
)
