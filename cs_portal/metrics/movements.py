"""How recurring revenue moved between two days, each customer in one class (metrics.md, sections 5.2 and 5.5)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .base import Asked, Reason, Result, no_data, null, quotient
from .exact import Number

NET, DAILY = BRIDGE_VARIANTS = ("net", "daily")
EXPANSIONS = ("upsell", "cross_sell", "addon", "unspecified")
CHURN_REASONS = (
    "competitor", "freemium_downgrade", "business_closure", "missing_features", "support_quality", "price", "other",
    "unknown",
)  # fmt: skip
# Beside the classes of 5.2: "unrated" pays on both days but lacks a rate, "intra_period" pays inside the period only,
# "idle" pays on none of its days.
RETAINED = ("expansion", "contraction", "none", "unrated")
WITH_OPENING = (*RETAINED, "churn")
WITH_CLOSING = (*RETAINED, "new", "reactivation")


@dataclass(frozen=True)
class Share:
    """A part of the expansion, or the effect of new rates: its sum and the customers where it is not 0."""

    amount: Number = 0
    customers: int = 0


@dataclass(frozen=True)
class Movement:
    """The customers of one class, summed up; churned ones apart by reason, new ones by acquisition channel.

    ``movements`` differs from ``customers`` in variant ``daily`` only; the unrated ones have an amount without a rate.
    """

    kind: str
    detail: str = ""
    customers: int = 0
    movements: int = 0
    opening: Number = 0
    closing: Number = 0
    opening_unrated: int = 0
    closing_unrated: int = 0
    subtypes: Mapping[str, Share] = field(default_factory=dict)
    currency_effect: Share = Share()
    effect_unrated: int = 0

    @property
    def unrated(self) -> int:
        return self.opening_unrated + self.closing_unrated


@dataclass(frozen=True)
class Bridge:
    """All customers of a subject that have a subscription row (trial and free rows included) by E."""

    movements: tuple[Movement, ...] = ()

    @property
    def is_known(self) -> bool:
        return bool(self.movements)

    @property
    def is_undecided(self) -> bool:
        """Somebody pays on both days, and without a rate nobody can say whether more or less."""
        return bool(self.of("unrated"))

    def of(self, *kinds: str, detail: str | None = None) -> tuple[Movement, ...]:
        return tuple(m for m in self.movements if m.kind in kinds and detail in {None, m.detail})

    def customers(self, *kinds: str) -> int:
        return sum(movement.customers for movement in self.of(*kinds))


def _opening(movement: Movement) -> Fraction:
    return Fraction(movement.opening)


def _closing(movement: Movement) -> Fraction:
    return Fraction(movement.closing)


def _gain(movement: Movement) -> Fraction:
    return _closing(movement) - _opening(movement)


def _loss(movement: Movement) -> Fraction:
    return -_gain(movement)


AMOUNTS = {"new": _closing, "reactivation": _closing, "expansion": _gain, "contraction": _loss, "churn": _opening}
COMPARED = frozenset({"expansion", "contraction"})


def _summed(parts: Iterable[Movement], amount: Callable[[Movement], Fraction], *, unrated: bool) -> Result:
    if unrated:
        return null(Reason.MIXED_CURRENCY)
    moved = list(parts)
    return Result(sum(map(amount, moved), Fraction(0)), n=sum(part.customers for part in moved))


# --- levels ----------------------------------------------------------------------------------------


def mrr(bridge: Bridge, asked: Asked) -> Result:
    """Σ of the customers' MRR on E; n = payers."""
    parts = bridge.of(*WITH_CLOSING)
    unrated = any(part.closing_unrated for part in parts)
    return _summed(parts, _closing, unrated=unrated) if bridge.is_known else no_data()


def mrr_opening(bridge: Bridge, asked: Asked) -> Result:
    """Σ of the customers' MRR on the day before the period; n = payers."""
    parts = bridge.of(*WITH_OPENING)
    unrated = any(part.opening_unrated for part in parts)
    return _summed(parts, _opening, unrated=unrated) if bridge.is_known else no_data()


def arr(bridge: Bridge, asked: Asked) -> Result:
    """12 × MRR."""
    monthly = mrr(bridge, asked)
    return monthly if monthly.value is None else Result(12 * monthly.value, n=monthly.n)


def arpa(bridge: Bridge, asked: Asked) -> Result:
    """MRR ÷ payers on E; ``annual``: 12 × MRR ÷ payers."""
    money = arr(bridge, asked) if asked.variant == "annual" else mrr(bridge, asked)
    return money if money.value is None else quotient(money.value, money.n or 0, n=money.n)


def _head_count(bridge: Bridge, *kinds: str) -> Result:
    count = bridge.customers(*kinds)
    return Result(Fraction(count), n=count) if bridge.is_known else no_data()


def paying_customers(bridge: Bridge, asked: Asked) -> Result:
    """Customers with MRR on E."""
    return _head_count(bridge, *WITH_CLOSING)


def paying_customers_opening(bridge: Bridge, asked: Asked) -> Result:
    """Customers with MRR on the day before the period."""
    return _head_count(bridge, *WITH_OPENING)


def intra_period_churn(bridge: Bridge, asked: Asked) -> Result:
    """Customers that pay on a day of the period, but neither before it nor on E."""
    return _head_count(bridge, "intra_period")


# --- movements -------------------------------------------------------------------------------------


def amount_of(bridge: Bridge, kind: str, detail: str | None = None) -> Result:
    """Σ of a class as a positive number; n = its customers."""
    if not bridge.is_known:
        return no_data()
    parts = bridge.of(kind, detail=detail)
    unrated = any(part.unrated for part in parts) or (kind in COMPARED and bridge.is_undecided)
    return _summed(parts, AMOUNTS[kind], unrated=unrated)


def count_of(bridge: Bridge, kind: str, detail: str | None = None) -> Result:
    """Movements of a class (``net``: its customers); n = its customers."""
    if not bridge.is_known:
        return no_data()
    if kind in COMPARED and bridge.is_undecided:
        return null(Reason.MIXED_CURRENCY)
    parts = bridge.of(kind, detail=detail)
    return Result(Fraction(sum(part.movements for part in parts)), n=sum(part.customers for part in parts))


def _refuses(asked: Asked) -> bool:
    """Parameters exist for ``net`` only (ruling 4)."""
    return asked.parameter is not None and asked.variant == DAILY


def moved_mrr(kind: str) -> Callable[[Bridge, Asked], Result]:
    """The amount of a class; a parameter is the reason of a churned customer."""

    def amount(bridge: Bridge, asked: Asked) -> Result:
        if _refuses(asked):
            return null(Reason.NOT_APPLICABLE)
        return amount_of(bridge, kind, asked.parameter)

    return amount


def moved_customers(kind: str) -> Callable[[Bridge, Asked], Result]:
    """The movements of a class; a parameter is the reason of a churned customer."""

    def count(bridge: Bridge, asked: Asked) -> Result:
        if _refuses(asked):
            return null(Reason.NOT_APPLICABLE)
        return count_of(bridge, kind, asked.parameter)

    return count


def mrr_expansion(bridge: Bridge, asked: Asked) -> Result:
    """Σ of what customers pay more; with a parameter the part of it that is ``upsell``, ``addon`` ..."""
    if _refuses(asked):
        return null(Reason.NOT_APPLICABLE)
    total = amount_of(bridge, "expansion")
    if asked.parameter is None or total.value is None:
        return total
    parts = [movement.subtypes.get(asked.parameter, Share()) for movement in bridge.of("expansion")]
    return Result(sum((Fraction(part.amount) for part in parts), Fraction(0)), n=sum(part.customers for part in parts))


def churn_reason_share(bridge: Bridge, asked: Asked) -> Result:
    """Churned customers with the reason ÷ churned customers."""
    some, every = count_of(bridge, "churn", asked.parameter), count_of(bridge, "churn")
    if some.value is None or every.value is None:
        return some
    return quotient(some.value, every.value, n=every.n)


def mrr_currency_effect(bridge: Bridge, asked: Asked) -> Result:
    """Opening amounts × (rate on start − rate on the previous period's start)."""
    if not bridge.is_known:
        return no_data()
    if any(movement.effect_unrated for movement in bridge.movements):
        return null(Reason.MIXED_CURRENCY)
    effects = [movement.currency_effect for movement in bridge.movements]
    return Result(sum((Fraction(e.amount) for e in effects), Fraction(0)), n=sum(e.customers for e in effects))
