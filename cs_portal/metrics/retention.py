"""Who and what stays: churn, retention and growth rates of the bridge (metrics.md, section 5.4)."""

from collections.abc import Callable
from fractions import Fraction

from .base import Asked, Period, Reason, Result, no_data, null, quotient
from .exact import power
from .movements import RETAINED, WITH_CLOSING, WITH_OPENING, Bridge, Movement, amount_of, count_of, mrr, mrr_opening

ANNUALISED, MONTHLY_EQUIVALENT = CONVERSIONS = ("annualised", "monthly_equivalent")


def first_null(*operands: Result) -> Result | None:
    """The first operand without a value, from left to right."""
    return next((operand for operand in operands if operand.value is None), None)


def inherited(operand: Result, n: int | None) -> Result:
    """What a metric becomes when an operand has no value: its reason, and no sides (rulings 1 and 3)."""
    if operand.reason == Reason.NO_DATA:
        return no_data()
    return null(str(operand.reason), n=n if operand.reason == Reason.ZERO_DENOMINATOR else None)


def _converted(share: Result, period: Period, variant: str) -> Result:
    """1 − (1 − share)^(12 ÷ k) or ^(1 ÷ k), with 50 digits where the exponent is a fraction."""
    if period.months is None:
        return null(Reason.NOT_APPLICABLE)
    if share.value is None:
        return inherited(share, share.n)
    exponent = Fraction(12 if variant == ANNUALISED else 1, period.months)
    return Result(1 - power(1 - share.value, exponent), n=share.n)


# --- customers -------------------------------------------------------------------------------------


def _logo_churn(bridge: Bridge) -> Result:
    lost = count_of(bridge, "churn")
    if lost.value is None:
        return lost
    payers = bridge.customers(*WITH_OPENING)
    return quotient(lost.value, payers, n=payers)


def logo_churn_rate(bridge: Bridge, asked: Asked) -> Result:
    """Churned customers ÷ payers on the opening day, of the period, or as that of a year or a month."""
    churn = _logo_churn(bridge)
    return _converted(churn, asked.scope.period, asked.variant) if asked.variant in CONVERSIONS else churn


def monthly_churn(bridge: Bridge, period: Period) -> Result:
    """m of section 5.6: the logo churn of one month."""
    return _converted(_logo_churn(bridge), period, MONTHLY_EQUIVALENT)


def retention_rate(bridge: Bridge, asked: Asked) -> Result:
    """Opening payers that still pay on E ÷ opening payers; ``seed_literal`` counts new customers too."""
    if not bridge.is_known:
        return no_data()
    opening, closing = bridge.customers(*WITH_OPENING), bridge.customers(*WITH_CLOSING)
    seed = closing - bridge.customers("churn")
    return quotient(seed if asked.variant == "seed_literal" else bridge.customers(*RETAINED), opening, n=opening)


# --- money -----------------------------------------------------------------------------------------


def grr(bridge: Bridge, asked: Asked) -> Result:
    """Σ over opening payers of min(closing, opening) MRR ÷ Σ opening MRR; never above 1.

    ``seed_literal_customers``: (payers on E − churned − contracted customers) ÷ opening payers.
    """
    if asked.variant == "seed_literal_customers":
        return _grr_of_customers(bridge)
    return _kept(bridge, asked, lambda movement: min(Fraction(movement.opening), Fraction(movement.closing)))


def _grr_of_customers(bridge: Bridge) -> Result:
    churned, contracted = count_of(bridge, "churn"), count_of(bridge, "contraction")
    if churned.value is None or contracted.value is None:
        return churned if churned.value is None else contracted
    opening, closing = bridge.customers(*WITH_OPENING), bridge.customers(*WITH_CLOSING)
    return quotient(closing - churned.value - contracted.value, opening, n=opening)


def nrr(bridge: Bridge, asked: Asked) -> Result:
    """Σ over opening payers of closing MRR ÷ Σ opening MRR; ``seed_literal``: (MRR − losses) ÷ opening MRR."""
    if asked.variant == "seed_literal":
        return _over_opening(bridge, asked, (1, mrr(bridge, asked)), (-1, amount_of(bridge, "churn")),
                             (-1, amount_of(bridge, "contraction")))  # fmt: skip
    return _kept(bridge, asked, lambda movement: Fraction(movement.closing))


def _kept(bridge: Bridge, asked: Asked, part: Callable[[Movement], Fraction]) -> Result:
    if bridge.is_undecided:
        return null(Reason.MIXED_CURRENCY)
    kept = sum(map(part, bridge.of(*RETAINED)), Fraction(0))
    return _over_opening(bridge, asked, (1, Result(kept)))


def _over_opening(bridge: Bridge, asked: Asked, *terms: tuple[int, Result]) -> Result:
    """The signed sum of the terms ÷ opening MRR."""
    opening = mrr_opening(bridge, asked)
    if missing := first_null(*(term for _sign, term in terms), opening):
        return missing
    total = sum((sign * Fraction(term.value or 0) for sign, term in terms), Fraction(0))
    return quotient(total, opening.value or 0, n=opening.n)


def mrr_churn_rate(bridge: Bridge, asked: Asked) -> Result:
    """Churned MRR ÷ opening MRR; ``gross`` with contraction; or as that of a year or a month."""
    churned = (1, amount_of(bridge, "churn"))
    if asked.variant == "gross":
        return _over_opening(bridge, asked, churned, (1, amount_of(bridge, "contraction")))
    rate = _over_opening(bridge, asked, churned)
    return _converted(rate, asked.scope.period, asked.variant) if asked.variant in CONVERSIONS else rate


def net_mrr_churn_rate(bridge: Bridge, asked: Asked) -> Result:
    """(Churned + contraction − expansion) ÷ opening MRR, may be negative; ``with_reactivation``: less that too."""
    terms = [(1, "churn"), (1, "contraction"), (-1, "expansion")]
    if asked.variant == "with_reactivation":
        terms.append((-1, "reactivation"))
    return _over_opening(bridge, asked, *((sign, amount_of(bridge, kind)) for sign, kind in terms))


def negative_churn(bridge: Bridge, asked: Asked) -> Result:
    """1 when expansion is more than the loss (``incl_contraction``: contraction as well), otherwise 0."""
    if bridge.is_known and not bridge.of(*WITH_OPENING):
        return null(Reason.NOT_APPLICABLE)
    kinds = ("churn", "contraction") if asked.variant == "incl_contraction" else ("churn",)
    gained, *lost = (amount_of(bridge, kind) for kind in ("expansion", *kinds))
    if missing := first_null(gained, *lost):
        return missing
    more = Fraction(gained.value or 0) > sum((Fraction(loss.value or 0) for loss in lost), Fraction(0))
    return Result(Fraction(more), n=gained.n)


def quick_ratio(bridge: Bridge, asked: Asked) -> Result:
    """(New + reactivation + expansion) ÷ (contraction + churned); n = customers that pay less or left."""
    gains = [amount_of(bridge, kind) for kind in ("new", "reactivation", "expansion")]
    losses = [amount_of(bridge, kind) for kind in ("contraction", "churn")]
    if missing := first_null(*gains, *losses):
        return missing
    gained, lost = (sum((Fraction(side.value or 0) for side in sides), Fraction(0)) for sides in (gains, losses))
    return quotient(gained, lost, n=bridge.customers("contraction", "churn"))
