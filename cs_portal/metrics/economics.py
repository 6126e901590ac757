"""What winning, keeping and serving customers costs and brings (metrics.md, section 5.6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .base import Asked, Reason, Result, no_data, null, quotient
from .exact import Number
from .movements import RETAINED, WITH_CLOSING, WITH_OPENING, Bridge, arpa
from .retention import first_null, inherited, monthly_churn
from .revenue import RevenueTally, converted, recurring_amount

DAYS_TO_YEARS = Fraction(4, 1461)
ACQUISITION, RETENTION, SERVING = "acquisition", "retention", "serving"


@dataclass(frozen=True)
class CostSum:
    """Costs of one category and channel in the period, by currency; ``""`` is no channel."""

    category: str
    channel: str
    amounts: Mapping[str, Number]


@dataclass(frozen=True)
class CostTally:
    costs: tuple[CostSum, ...] = ()
    rates: Mapping[str, Fraction] = field(default_factory=dict)  # on the period's first day

    def spent(self, category: str, channel: str | None = None) -> Result:
        """Their sum; no_data without a cost row."""
        rows = [cost for cost in self.costs if cost.category == category and channel in {None, cost.channel}]
        if not rows:
            return no_data()
        sums = [converted(cost.amounts, self.rates) for cost in rows]
        known = [amount for amount in sums if amount is not None]
        return Result(sum(known, Fraction(0))) if len(known) == len(sums) else null(Reason.MIXED_CURRENCY)


@dataclass(frozen=True)
class Lifetimes:
    """Customers that do not pay on E but did before: how many, and the days they paid."""

    ended: int = 0
    paid_days: int = 0


@dataclass(frozen=True)
class LifetimeTally:
    bridge: Bridge
    lifetimes: Lifetimes = Lifetimes()


@dataclass(frozen=True)
class EconomicsTally:
    bridge: Bridge
    costs: CostTally = CostTally()
    lifetimes: Lifetimes = Lifetimes()


def _payers_on_e(bridge: Bridge) -> int:
    return bridge.customers(*WITH_CLOSING)


def customer_lifetime(tally: LifetimeTally, asked: Asked) -> Result:
    """Years: mean of the paid days of ended customers; ``inverse_churn``: 1 ÷ (12 × monthly churn)."""
    if asked.variant == "inverse_churn":
        return _inverse_churn(tally, asked)
    return _observed(tally.bridge, tally.lifetimes)


def _observed(bridge: Bridge, lifetimes: Lifetimes) -> Result:
    if not bridge.is_known or not lifetimes.ended:
        return no_data()
    return Result(Fraction(lifetimes.paid_days, lifetimes.ended) * DAYS_TO_YEARS, n=lifetimes.ended)


def _inverse_churn(tally: LifetimeTally, asked: Asked) -> Result:
    churn = monthly_churn(tally.bridge, asked.scope.period)
    if churn.value is None:
        return inherited(churn, tally.lifetimes.ended)
    return quotient(1, 12 * churn.value, n=tally.lifetimes.ended)


def clv(tally: EconomicsTally, asked: Asked) -> Result:
    """Customer lifetime value: ARPA ÷ monthly churn, of the margin only, or over observed lifetimes less CAC."""
    if asked.variant == "clv_lifetime_net":
        return _clv_lifetime_net(tally, asked)
    margin = asked.scope.settings.gross_margin if asked.variant == "clv_margin" else 1
    if margin is None or asked.scope.period.months is None:
        return null(Reason.NOT_APPLICABLE)
    payers, monthly = _payers_on_e(tally.bridge), _monthly_arpa(tally.bridge, asked)
    churn = monthly_churn(tally.bridge, asked.scope.period)
    if missing := first_null(monthly, churn):
        return inherited(missing, payers)
    return quotient(Fraction(monthly.value or 0) * Fraction(margin), churn.value or 0, n=payers)


def _monthly_arpa(bridge: Bridge, asked: Asked) -> Result:
    return arpa(bridge, Asked(asked.scope, "monthly"))


def _clv_lifetime_net(tally: EconomicsTally, asked: Asked) -> Result:
    """12 × ARPA × observed customer lifetime − CAC."""
    parts = _monthly_arpa(tally.bridge, asked), _observed(tally.bridge, tally.lifetimes), _cac(tally)
    if missing := first_null(*parts):
        return inherited(missing, _payers_on_e(tally.bridge))
    yearly, years, cost = (Fraction(part.value or 0) for part in parts)
    return Result(12 * yearly * years - cost, n=_payers_on_e(tally.bridge))


def cac(tally: EconomicsTally, asked: Asked) -> Result:
    """Acquisition costs ÷ new customers; a parameter is a channel of both."""
    return _cac(tally, asked.parameter)


def _cac(tally: EconomicsTally, channel: str | None = None) -> Result:
    new = sum(movement.customers for movement in tally.bridge.of("new", detail=channel))
    return _cost_per(tally, tally.costs.spent(ACQUISITION, channel), new)


def crc(tally: EconomicsTally, asked: Asked) -> Result:
    """Retention costs ÷ payers on the opening day; ``retained``: ÷ those of them that pay on E as well."""
    kinds = RETAINED if asked.variant == "retained" else WITH_OPENING
    return _cost_per(tally, tally.costs.spent(RETENTION), tally.bridge.customers(*kinds))


def _cost_per(tally: EconomicsTally, spent: Result, customers: int) -> Result:
    if not tally.bridge.is_known:
        return no_data()
    return spent if spent.value is None else quotient(spent.value, customers, n=customers)


def ltv_cac(tally: EconomicsTally, asked: Asked) -> Result:
    """CLV ÷ CAC; n = that of CLV."""
    worth = clv(tally, asked)
    return _ratio(worth, _cac(tally), worth, n=_payers_on_e(tally.bridge))


def cac_ltv(tally: EconomicsTally, asked: Asked) -> Result:
    """CAC ÷ CLV; n = that of CAC."""
    worth = clv(tally, asked)
    return _ratio(_cac(tally), worth, worth, n=tally.bridge.customers("new"))


def ltv_crc(tally: EconomicsTally, asked: Asked) -> Result:
    """CLV ÷ CRC over the same lifetime; ``seed_literal``: ÷ the CRC of the period."""
    months = asked.scope.period.months
    if months is None:
        return null(Reason.NOT_APPLICABLE)
    worth, cost = clv(tally, Asked(asked.scope, "clv_arpa_churn")), crc(tally, Asked(asked.scope, "opening"))
    churn = monthly_churn(tally.bridge, asked.scope.period).value
    if asked.variant == "lifetime_cost" and cost.value is not None and churn:
        cost = Result(cost.value / months / churn, n=cost.n)
    return _ratio(worth, cost, worth, n=_payers_on_e(tally.bridge))


def _ratio(over: Result, under: Result, worth: Result, *, n: int) -> Result:
    """What makes CLV not applicable makes the ratio so, whatever the operands say (ruling 3)."""
    if worth.reason == Reason.NOT_APPLICABLE:
        return worth
    if missing := first_null(over, under):
        return inherited(missing, n)
    return quotient(over.value or 0, under.value or 0, n=n)


# --- what an account leaves ------------------------------------------------------------------------


@dataclass(frozen=True)
class ProfitTally:
    revenue: RevenueTally
    costs: CostTally = CostTally()


def account_profitability(tally: ProfitTally, asked: Asked) -> Result:
    """Recurring revenue − serving costs; ``with_retention``: less those of retention too. No cost row costs 0."""
    revenue = recurring_amount(tally.revenue)
    categories = (SERVING, RETENTION) if asked.variant == "with_retention" else (SERVING,)
    spent = [tally.costs.spent(category) for category in categories]
    if revenue.value is None:
        return revenue
    if any(cost.reason == Reason.MIXED_CURRENCY for cost in spent):
        return null(Reason.MIXED_CURRENCY)
    return Result(revenue.value - sum((Fraction(cost.value or 0) for cost in spent), Fraction(0)), n=revenue.n)


# --- trials ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TrialTally:
    """Trials that begin in the period; ``over`` are those whose time to convert has passed by A."""

    is_known: bool = False  # the subject has a subscription row by E
    cohort: int = 0
    over: int = 0
    converted: int = 0


def trial_to_paid(tally: TrialTally, asked: Asked) -> Result:
    """Converted ÷ trials whose time is over."""
    if not tally.is_known or not tally.cohort:
        return no_data()
    if not tally.over:
        return null(Reason.INCOMPLETE_PERIOD)
    return quotient(tally.converted, tally.over, n=tally.over)


def open_trials(tally: TrialTally, asked: Asked) -> Result:
    """Trials whose time is not over; n = all that began."""
    if not tally.is_known or not tally.cohort:
        return no_data()
    return Result(Fraction(tally.cohort - tally.over), n=tally.cohort)
