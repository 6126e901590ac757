"""Short questions to the scorecard."""

from datetime import date
from typing import Any

from cs_portal.metrics.base import Period
from kvi.scorecard import measure

LATER = date(2026, 1, 1)


def ask(code: str, period: str, **question: Any) -> list[dict[str, Any]]:
    """The readings as JSON, as known on ``as_of`` (2026-01-01)."""
    as_of = question.pop("as_of", LATER)
    as_of = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    return [reading.as_json() for reading in measure([code], Period.parse(period), as_of=as_of, **question)]


def ask_one(code: str, period: str, **question: Any) -> dict[str, Any]:
    (reading,) = ask(code, period, **question)
    return reading


def value_of(code: str, period: str, **question: Any) -> str | None:
    """The value, or the reason in brackets."""
    reading = ask_one(code, period, **question)
    return reading["value"] if reading["reason"] is None else f"({reading['reason']})"
