"""How late a customer pays (metrics.md, section 10)."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .base import Asked, Result, no_data


@dataclass(frozen=True)
class Bills:
    overdue_days: int | None
    as_of: date | None


def billing_overdue_days(tally: Bills, asked: Asked) -> Result:
    """As it was told; no_data when it was told after E, too long ago, or not at all."""
    day, stale = asked.scope.period.last_day, asked.scope.settings.billing_stale_days
    if tally.overdue_days is None or tally.as_of is None or not 0 <= (day - tally.as_of).days <= stale:
        return no_data()
    return Result(Fraction(tally.overdue_days), n=1)
