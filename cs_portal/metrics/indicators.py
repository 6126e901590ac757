"""Indicators as agreed and measured: what is in force, active, current, stale (metrics.md 11, rules 1 to 3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

from .exact import Number
from .periods import add_months

FOREVER = date.max
CADENCE_MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
Span = tuple[date, date]


@dataclass(frozen=True)
class Definition:
    """An agreed version of an indicator."""

    valid_from: date
    number: int = 1
    retired_on: date | None = None
    kind: str = "quantitative"
    direction: str = "increase"
    baseline: Number | None = None
    baseline_date: date | None = None
    target: Number | None = None
    due_date: date | None = None
    range_low: Number | None = None
    range_high: Number | None = None
    tolerance_outside: Number | None = None
    levels: int = 0
    level_scores: Sequence[Number] | None = None
    path: str = "linear"
    path_points: Sequence[tuple[date, Number]] = ()
    path_tolerance: Number | None = None
    cadence: str = "monthly"
    grace_days: int | None = None
    weight: Number = 1
    value_kind: str = ""
    value_factor_conservative: Number | None = None
    value_factor_expected: Number | None = None
    value_currency: str = ""

    def stale_from(self, measured_on: date) -> date:
        """The first day on which a measurement of that day is stale."""
        cadences = 2 if self.grace_days is None else 1
        if self.cadence == "weekly":
            due = measured_on + timedelta(7 * cadences)
        else:
            due = add_months(measured_on, CADENCE_MONTHS[self.cadence] * cadences)
        return due + timedelta(self.grace_days or 0)

    def factor(self, name: str) -> Number | None:
        """``conservative`` or ``expected``: money per unit of improvement."""
        return self.value_factor_conservative if name == "conservative" else self.value_factor_expected


@dataclass(frozen=True)
class Measured:
    """A confirmed or unconfirmed measurement; disputed ones never come this far."""

    external_id: str
    date: date
    value: Number | None = None
    level: int | None = None
    confirmed: bool = False


@dataclass(frozen=True)
class GoalTerms:
    external_id: str
    customer_id: int
    scope: str
    weight: Number
    start_date: date
    retired_on: date | None = None

    def is_active(self, day: date) -> bool:
        return self.start_date <= day < (self.retired_on or FOREVER)


@dataclass(frozen=True)
class IndicatorFacts:
    """An indicator with its agreed versions and its counting measurements, as known on A."""

    external_id: str
    goal: GoalTerms
    versions: tuple[Definition, ...] = ()
    measurements: tuple[Measured, ...] = ()

    @cached_property
    def timeline(self) -> tuple[tuple[date, date, Definition], ...]:
        """Which definition is in force over which days; a later number wins among equal first days."""
        ordered = sorted(self.versions, key=lambda version: (version.valid_from, version.number))
        firsts = {version.valid_from: version for version in ordered}
        bounds = pairwise([*firsts, FOREVER])
        return tuple((first, end, firsts[first]) for first, end in bounds)

    def in_force(self, day: date) -> Definition | None:
        return next((version for first, end, version in self.timeline if first <= day < end), None)

    def is_active(self, day: date) -> bool:
        version = self.in_force(day)
        return version is not None and day < (version.retired_on or FOREVER) and self.goal.is_active(day)

    @cached_property
    def active_spans(self) -> tuple[Span, ...]:
        """The days on which the indicator is active."""
        spans = (
            (max(first, self.goal.start_date), min(end, version.retired_on or FOREVER, self.goal.retired_on or FOREVER))
            for first, end, version in self.timeline
        )
        return tuple((first, end) for first, end in spans if first < end)

    @cached_property
    def counting(self) -> tuple[tuple[Measured, Definition], ...]:
        """The measurements of active days, each with the definition of its day, in order of date, then external_id."""
        ordered = sorted(self.measurements, key=lambda m: (m.date, m.external_id))
        found = ((m, self.in_force(m.date)) for m in ordered if self.is_active(m.date))
        return tuple((m, version) for m, version in found if version is not None)

    def current(self, day: date) -> tuple[Measured, Definition] | None:
        """The latest counting measurement up to the day, unless it is stale on it."""
        latest = next(((m, version) for m, version in reversed(self.counting) if m.date <= day), None)
        if latest is None or day >= latest[1].stale_from(latest[0].date):
            return None
        return latest
