"""What customers pay over a period, and its growth (metrics.md, section 5)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .base import Asked, Reason, Result, no_data, null, quotient
from .exact import Number
from .movements import Bridge, mrr, mrr_opening

Amounts = Mapping[str, Number]  # by currency


@dataclass(frozen=True)
class CustomerRevenue:
    """One customer with at least one subscription row (trial and free rows included) that starts by E."""

    customer_id: int
    closing: Amounts = field(default_factory=dict)
    earned: Amounts = field(default_factory=dict)  # Σ over days of MRR ÷ days in the month


@dataclass(frozen=True)
class RevenueTally:
    customers: tuple[CustomerRevenue, ...] = ()
    rates: Mapping[str, Fraction] = field(default_factory=dict)  # on the period's first day

    def only(self, customer_ids: Collection[int]) -> "RevenueTally":
        return RevenueTally(tuple(c for c in self.customers if c.customer_id in customer_ids), self.rates)


def converted(amounts: Amounts, rates: Mapping[str, Fraction]) -> Fraction | None:
    """In the reporting currency; None when a non-zero amount has no rate."""
    due = [(currency, Fraction(amount)) for currency, amount in amounts.items() if amount]
    if any(currency not in rates for currency, _amount in due):
        return None
    return sum((rates[currency] * amount for currency, amount in due), Fraction(0))


def pays(amounts: Amounts) -> bool:
    return any(amount > 0 for amount in amounts.values())


def _money(tally: RevenueTally, parts: Iterable[Amounts]) -> Result:
    """Their sum; n = parts that are not 0."""
    if not tally.customers:
        return no_data()
    paid = [part for part in parts if pays(part)]
    sums = [converted(part, tally.rates) for part in paid]
    known = [amount for amount in sums if amount is not None]
    if len(known) < len(sums):
        return null(Reason.MIXED_CURRENCY)
    return Result(sum(known, Fraction(0)), n=len(known))


def recurring_amount(tally: RevenueTally) -> Result:
    return _money(tally, (customer.earned for customer in tally.customers))


def recurring_revenue(tally: RevenueTally, asked: Asked) -> Result:
    """Σ over days of MRR ÷ days in the day's calendar month."""
    return recurring_amount(tally)


@dataclass(frozen=True)
class GrowthTally:
    """Revenue of a period and of an earlier one, both at the rates of the former; ``before`` None: it has no days."""

    now: RevenueTally
    before: RevenueTally | None


def sales_growth_rate(tally: GrowthTally | Bridge, asked: Asked) -> Result:
    """Growth of the revenue since the previous period or the year before; ``mrr``: of the MRR since the opening."""
    now, before = _mrr_sides(tally, asked) if isinstance(tally, Bridge) else _revenue_sides(tally)
    if now.value is None or before.value is None:
        return now if now.value is None else before
    return quotient(now.value - before.value, before.value, n=before.n)


def _mrr_sides(bridge: Bridge, asked: Asked) -> tuple[Result, Result]:
    return mrr(bridge, asked), mrr_opening(bridge, asked)


def _revenue_sides(tally: GrowthTally) -> tuple[Result, Result]:
    now = recurring_amount(tally.now)
    return now, Result(Fraction(0), n=0) if tally.before is None else recurring_amount(tally.before)
