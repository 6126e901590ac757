"""What reached goals are worth in money (metrics.md, section 11 rule 7)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .attainment import CustomerGoals, GoalTally
from .base import Asked, Period, Reason, Result, no_data, null, quotient
from .indicators import Definition, IndicatorFacts, Measured
from .periods import months_in, years_in
from .revenue import RevenueTally, recurring_amount

Counted = tuple[tuple[Measured, Definition], ...]
Rates = Mapping[str, Fraction]
SHARES: dict[str, Callable[[date, date], Fraction]] = {"rate_month": months_in, "rate_year": years_in}


@dataclass(frozen=True)
class ValueTally:
    """Goals, and what a unit of each currency is worth on the first day of the period."""

    goals: GoalTally
    rates: Rates


@dataclass(frozen=True)
class Basis:
    """How a variant counts: ``conservative`` or ``expected`` factor, all measurements or only confirmed ones."""

    factor: str
    confirmed_only: bool

    @classmethod
    def of(cls, variant: str) -> "Basis":
        return cls(variant.removesuffix("_confirmed"), variant.endswith("_confirmed"))

    def worth(self, measured: Measured, definition: Definition) -> Fraction:
        """Factor × improvement; 0 when the definition gives no factor."""
        factor = definition.factor(self.factor)
        if factor is None or measured.value is None or definition.baseline is None:
            return Fraction(0)
        gain = Fraction(measured.value) - Fraction(definition.baseline)
        return Fraction(factor) * (gain if definition.direction == "increase" else -gain)


def indicator_value(indicator: IndicatorFacts, period: Period | None, end: date, basis: Basis, rates: Rates) -> Result:
    """The worth of one indicator in the period, or (None) from its first counting measurement to ``end``."""
    priced = [version for version in indicator.versions if version.value_kind]
    if all(version.factor(basis.factor) is None for version in priced):
        return null(Reason.NOT_APPLICABLE)
    counted = tuple(
        (m, version) for m, version in indicator.counting if m.date < end and (m.confirmed or not basis.confirmed_only)
    )
    if not counted:
        return no_data()
    period = period or Period(counted[0][0].date, end)
    amounts = [*_held_amounts(indicator, counted, period, basis), *_one_off_amounts(counted, period, basis)]
    due = [(currency, amount) for currency, amount in amounts if amount]
    if any(currency not in rates for currency, _amount in due):
        return null(Reason.MIXED_CURRENCY)
    return Result(sum((rates[currency] * amount for currency, amount in due), Fraction(0)), n=1)


def _held_amounts(
    indicator: IndicatorFacts, counted: Counted, period: Period, basis: Basis
) -> Iterable[tuple[str, Fraction]]:
    """``rate_month`` and ``rate_year``: worth × share of the month or year, over the days a measurement holds."""
    nexts = [*(m.date for m, _version in counted[1:]), period.end]
    for (measured, version), following in zip(counted, nexts, strict=True):
        shares = SHARES.get(version.value_kind)
        if shares is None:
            continue
        first = max(measured.date, period.start)
        end = min(following, version.stale_from(measured.date), period.end)
        if first < end:
            held = sum((shares(max(first, a), min(end, b)) for a, b in indicator.active_spans), Fraction(0))
            yield version.value_currency, basis.worth(measured, version) * held


def _one_off_amounts(counted: Counted, period: Period, basis: Basis) -> Iterable[tuple[str, Fraction]]:
    """``one_off``: what was reached by E less what was reached before the period."""
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for bound, sign in ((period.end, 1), (period.start, -1)):
        reached = [(m, version) for m, version in counted if m.date < bound]
        if reached and reached[-1][1].value_kind == "one_off":
            sums[reached[-1][1].value_currency] += sign * basis.worth(*reached[-1])
    return sums.items()


def total(parts: Iterable[Result], n: int | None = None) -> Result:
    """The sum of the parts that have a value; ruling 12 says what becomes of the others."""
    results = list(parts)
    reasons = {part.reason for part in results}
    if Reason.MIXED_CURRENCY in reasons:
        return null(Reason.MIXED_CURRENCY)
    values = [part.value for part in results if part.value is not None]
    if values:
        return Result(sum(values, Fraction(0)), n=len(values) if n is None else n)
    return null(Reason.NOT_APPLICABLE) if reasons <= {Reason.NOT_APPLICABLE} else no_data()


def _customer_values(tally: ValueTally, asked: Asked, *, to_date: bool) -> list[tuple[CustomerGoals, list[Result]]]:
    period, basis = asked.scope.period, Basis.of(asked.variant)
    window = None if to_date else period
    return [
        (
            customer,
            [
                indicator_value(indicator, window, period.end, basis, tally.rates)
                for goal in customer.goals
                for indicator in goal.indicators
            ],
        )
        for customer in tally.goals.customers
    ]


def _summed(values: list[tuple[CustomerGoals, list[Result]]], level: str) -> Result:
    parts = [part for _customer, own in values for part in own]
    if level not in {"portfolio", "segment"}:
        return total(parts)
    return total(parts, n=sum(any(part.value is not None for part in own) for _customer, own in values))


def kvi_value(tally: ValueTally, asked: Asked) -> Result:
    """Money worth of the improvements held in the period, over the indicators with a value_kind."""
    return _summed(_customer_values(tally, asked, to_date=False), asked.scope.level)


def kvi_value_to_date(tally: ValueTally, asked: Asked) -> Result:
    """The same from the first counting measurement on, with the rates on the period's start."""
    return _summed(_customer_values(tally, asked, to_date=True), asked.scope.level)


@dataclass(frozen=True)
class RoiTally:
    value: ValueTally
    revenue: RevenueTally


def kvi_roi(tally: RoiTally, asked: Asked) -> Result:
    """kvi_value ÷ recurring_revenue of the same customers (P, S: those with a value)."""
    values = _customer_values(tally.value, asked, to_date=False)
    worth = _summed(values, asked.scope.level)
    if worth.value is None:
        return worth
    valued = {customer.customer_id for customer, own in values if any(part.value is not None for part in own)}
    revenue = recurring_amount(tally.revenue.only(valued))
    if revenue.value is None:
        return revenue
    return quotient(worth.value, revenue.value, n=worth.n)
