"""What customers pay (metrics.md, section 5)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .base import Asked, Reason, Result, no_data, null, quotient
from .exact import Number

Amounts = Mapping[str, Number]  # by currency


@dataclass(frozen=True)
class CustomerRevenue:
    """One customer with at least one subscription row (trial and free rows included) that starts by E."""

    customer_id: int
    opening: Amounts = field(default_factory=dict)
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


def mrr(tally: RevenueTally, asked: Asked) -> Result:
    """Σ of the customers' MRR on E."""
    return _money(tally, (customer.closing for customer in tally.customers))


def mrr_opening(tally: RevenueTally, asked: Asked) -> Result:
    """Σ of the customers' MRR on the day before the period."""
    return _money(tally, (customer.opening for customer in tally.customers))


def arr(tally: RevenueTally, asked: Asked) -> Result:
    """12 × MRR."""
    monthly = mrr(tally, asked)
    return monthly if monthly.value is None else Result(12 * monthly.value, n=monthly.n)


def arpa(tally: RevenueTally, asked: Asked) -> Result:
    """MRR ÷ payers on E; ``annual``: 12 × MRR ÷ payers."""
    money = arr(tally, asked) if asked.variant == "annual" else mrr(tally, asked)
    return money if money.value is None else quotient(money.value, money.n or 0, n=money.n)


def _payers(tally: RevenueTally, parts: Iterable[Amounts]) -> Result:
    count = sum(pays(part) for part in parts)
    return Result(Fraction(count), n=count) if tally.customers else no_data()


def paying_customers(tally: RevenueTally, asked: Asked) -> Result:
    """Customers with MRR on E."""
    return _payers(tally, (customer.closing for customer in tally.customers))


def paying_customers_opening(tally: RevenueTally, asked: Asked) -> Result:
    """Customers with MRR on the day before the period."""
    return _payers(tally, (customer.opening for customer in tally.customers))


def recurring_amount(tally: RevenueTally) -> Result:
    return _money(tally, (customer.earned for customer in tally.customers))


def recurring_revenue(tally: RevenueTally, asked: Asked) -> Result:
    """Σ over days of MRR ÷ days in the day's calendar month."""
    return recurring_amount(tally)
