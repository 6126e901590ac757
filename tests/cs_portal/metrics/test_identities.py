"""Identities that hold for any data (metrics.md, section 16 rule 9)."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs_portal.metrics import bands, economics, movements, retention, satisfaction
from cs_portal.metrics.base import Asked, Period, Scope, WorkspaceSettings
from cs_portal.metrics.economics import CostSum, CostTally, EconomicsTally, Lifetimes, LifetimeTally
from cs_portal.metrics.exact import plain
from cs_portal.metrics.indicators import Definition, GoalTerms, IndicatorFacts, Measured
from cs_portal.metrics.movements import CHURN_REASONS, Bridge, Movement
from cs_portal.metrics.periods import month_length, year_length
from cs_portal.metrics.satisfaction import FeedbackTally, Scale, ScoreCount
from cs_portal.metrics.statistics import Balance, wilson
from cs_portal.metrics.worth import Basis, indicator_value

SCOPE = Scope("portfolio", (None,), Period.parse("2025-01"), date(2025, 2, 1))
FIRST = date(2024, 1, 1)
DAY = st.integers(0, 500).map(lambda number: FIRST + timedelta(number))
MONEY = st.decimals(0, 10**6, places=4)


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(1, 50)), min_size=1))
def test_nps_shares_sum_to_one_and_their_difference_is_nps(scores):
    tally = FeedbackTally(tuple(ScoreCount("nps", s, Scale(), None, False, c, c, c) for s, c in scores))
    shares = {
        name: satisfaction.nps_share(tally, Asked(SCOPE, "respondent", name)).value for name in satisfaction.NPS_GROUPS
    }
    assert sum(shares.values()) == 1
    nps = satisfaction.nps(tally, Asked(SCOPE, "respondent"))
    assert shares["promoter"] - shares["detractor"] == nps.value / 100
    low, high = nps.interval
    assert -100 <= low < high <= 100


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))
def test_a_change_to_the_same_answers_is_no_change(promoters, passives, detractors):
    side = Balance.of(promoters, passives, detractors)
    low, high = side.change_interval(side)
    assert (side.change_z(side), low) == (0, -high)


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_wilson_interval_holds_its_share(sample):
    low, high = wilson(*sample)
    assert 0 <= low <= Fraction(*sample) <= high <= 1


@st.composite
def bridges(draw) -> Bridge:
    """One movement per customer, of the class that its two amounts give it."""
    customers = draw(st.lists(st.tuples(MONEY, MONEY, st.booleans(), st.sampled_from(CHURN_REASONS)), min_size=1))
    moved = [(_kind(o, c, before), reason, o, c) for o, c, before, reason in customers]
    return Bridge(tuple(Movement(k, reason if k == "churn" else "", 1, 1, o, c) for k, reason, o, c in moved))


def _kind(opening: Decimal, closing: Decimal, paid_before: bool) -> str:
    if not opening:
        return ("reactivation" if paid_before else "new") if closing else "idle"
    if not closing:
        return "churn"
    return "none" if opening == closing else "expansion" if closing > opening else "contraction"


@given(bridges())
def test_the_bridge_sums_and_its_rates_complete_each_other(bridge):
    def value(formula, variant="default", parameter=None) -> Fraction | None:
        return formula(bridge, Asked(SCOPE, variant, parameter)).value

    mrr, opening = value(movements.mrr), value(movements.mrr_opening)
    amounts = {kind: value(movements.moved_mrr(kind), "net") for kind in movements.AMOUNTS}
    gains = amounts["new"] + amounts["reactivation"] + amounts["expansion"]
    assert opening + gains - amounts["contraction"] - amounts["churn"] == mrr
    assert value(movements.arr) == 12 * mrr
    payers = value(movements.paying_customers)
    assert value(movements.arpa) == (mrr / payers if payers else None)
    lost = [value(movements.moved_mrr("churn"), "net", reason) for reason in CHURN_REASONS]
    assert sum(lost) == amounts["churn"]
    if opening:
        grr, nrr = value(retention.grr, "cohort"), value(retention.nrr, "cohort")
        assert grr <= min(1, nrr)
        assert value(retention.mrr_churn_rate, "gross") == 1 - grr
        assert value(retention.net_mrr_churn_rate) == 1 - nrr
        assert value(retention.retention_rate, "cohort") + value(retention.logo_churn_rate, "period") == 1


@pytest.mark.parametrize(
    ("share", "months", "variant", "expected"),
    [("0.02", 1, "annualised", "0.2152832763"), ("0.05", 12, "monthly_equivalent", "0.0042653188")],
)
def test_a_churn_rate_over_another_span(share, months, variant, expected):
    lost = int(Fraction(share) * 100)
    bridge = Bridge((Movement("churn", "price", lost, lost, 1, 0), Movement("none", "", 100 - lost, 100 - lost, 1, 1)))
    scope = Scope("portfolio", (None,), Period.of_months(date(2025, 1, 1), months), date(2026, 1, 1))
    assert plain(retention.logo_churn_rate(bridge, Asked(scope, variant)).value) == expected


def test_the_customer_count_examples_of_retention():
    """100 at the start, 5 lost, 8 downgraded, 10 new."""
    bridge = Bridge((
        Movement("churn", "price", 5, 5, 5, 0), Movement("contraction", "", 8, 8, 8, 4),
        Movement("none", "", 87, 87, 87, 87), Movement("new", "", 10, 10, 0, 10),
    ))  # fmt: skip
    found = [
        plain(formula(bridge, Asked(SCOPE, variant)).value)
        for formula, variant in (
            (retention.retention_rate, "cohort"), (retention.retention_rate, "seed_literal"),
            (retention.grr, "seed_literal_customers"),
        )
    ]  # fmt: skip
    assert found == ["0.95", "1", "0.92"]


def test_what_the_article_calls_net_retention_counts_new_business():
    """Start 100, loss 10, expansion 15; then with 20 new."""
    kept = (Movement("churn", "price", 1, 1, 10, 0), Movement("expansion", "", 1, 1, 90, 105))
    with_new = (*kept, Movement("new", "", 1, 1, 0, 20))
    answers = [
        plain(retention.nrr(Bridge(moved), Asked(SCOPE, variant)).value)
        for moved, variant in ((kept, "seed_literal"), (kept, "cohort"), (with_new, "seed_literal"))
    ]
    assert answers == ["0.95", "1.05", "1.15"]


def test_lifetime_value_and_its_bands():
    """ARPA 500 at a monthly churn of 0.02; 7000 to win a customer."""
    bridge = Bridge((Movement("churn", "price", 1, 1, 500, 0), Movement("none", "", 49, 49, 24500, 24500),
                     Movement("new", "", 1, 1, 0, 500)))  # fmt: skip
    costs = CostTally((CostSum("acquisition", "", {"EUR": 7000}),), {"EUR": Fraction(1)})
    settings_with_margin = WorkspaceSettings(gross_margin=Decimal("0.8"))
    scope = Scope("portfolio", (None,), Period.parse("2025-01"), date(2025, 2, 1), settings_with_margin)
    tally = EconomicsTally(bridge, costs, Lifetimes(2, 2 * 1461 * 7 // 8))
    assert [
        plain(formula(tally, Asked(scope, variant)).value)
        for formula, variant in (
            (economics.clv, "clv_arpa_churn"), (economics.clv, "clv_margin"), (economics.ltv_cac, "clv_arpa_churn"),
            (economics.cac_ltv, "clv_arpa_churn"),
        )
    ] == ["25000", "20000", "3.5714285714", "0.28"]  # fmt: skip
    lifetime = economics.customer_lifetime(LifetimeTally(bridge), Asked(scope, "inverse_churn"))
    assert plain(lifetime.value) == "4.1666666667"
    net = EconomicsTally(bridge, costs, Lifetimes(8, 8 * 1461 * 7 // 8))  # 3.5 years each
    assert plain(economics.clv(net, Asked(scope, "clv_lifetime_net")).value) == "14000"


@pytest.mark.parametrize(
    ("code", "value", "band"),
    [
        ("ltv_cac", "0.9999999999999", "loss"), ("ltv_cac", "1", "watch"), ("ltv_cac", "2.99", "watch"),
        ("ltv_cac", "3", "good"), ("cac_ltv", "1", "watch"), ("cac_ltv", "1.01", "loss"), ("cac_ltv", "1/3", "good"),
        ("cac_ltv", "0.3333333334", "watch"), ("ltv_crc", "2", "low"), ("ltv_crc", "2.0000001", "watch"),
        ("ltv_crc", "3", "good"),
    ],
)  # fmt: skip
def test_bands_are_taken_from_the_exact_value(code, value, band):
    assert bands.BANDS[code](Fraction(value)) == band


# --- kvi_value against a sum over days --------------------------------------------------------------------


@st.composite
def indicators(draw) -> IndicatorFacts:
    kinds = st.sampled_from(["rate_month", "rate_year", "one_off", ""])
    versions = draw(
        st.lists(
            st.builds(
                Definition,
                valid_from=DAY,
                number=st.integers(1, 3),
                retired_on=st.none() | DAY,
                direction=st.sampled_from(["increase", "decrease"]),
                baseline=st.integers(0, 50),
                cadence=st.sampled_from(["weekly", "monthly", "quarterly"]),
                grace_days=st.none() | st.integers(0, 40),
                value_kind=kinds,
                value_factor_conservative=st.none() | st.integers(1, 9),
                value_currency=st.just("EUR"),
            ),
            min_size=1,
            max_size=4,
            unique_by=lambda version: version.number * 1000 + version.valid_from.toordinal(),
        )
    )
    values = st.tuples(DAY, st.integers(0, 100), st.booleans())
    measured = draw(st.lists(values, min_size=1, max_size=12))
    goal = GoalTerms("O", 1, "collective", 1, draw(DAY), draw(st.none() | DAY))
    measurements = (Measured(f"{n:02}", day, value, None, ok) for n, (day, value, ok) in enumerate(measured))
    return IndicatorFacts("K", goal, tuple(versions), tuple(measurements))


def slowly(indicator: IndicatorFacts, period: Period, basis: Basis) -> Fraction | None:
    """Rule 7 read literally: day by day."""

    def in_force(day):
        begun = [v for v in indicator.versions if v.valid_from <= day]
        return max(begun, key=lambda v: (v.valid_from, v.number), default=None)

    def active(day):
        version, goal = in_force(day), indicator.goal
        gone = [d for d in (version and version.retired_on, goal.retired_on) if d]
        return version is not None and goal.start_date <= day and all(day < d for d in gone)

    counting = sorted(
        (m for m in indicator.measurements if active(m.date) and (m.confirmed or not basis.confirmed_only)),
        key=lambda m: (m.date, m.external_id),
    )
    if all(v.value_factor_conservative is None for v in indicator.versions if v.value_kind):
        return None
    if not [m for m in counting if m.date < period.end]:
        return None

    def worth(measured, *kinds):
        version = in_force(measured.date)
        if version.value_kind not in kinds or version.value_factor_conservative is None:
            return Fraction(0)
        sign = 1 if version.direction == "increase" else -1
        return Fraction(version.value_factor_conservative * sign * (measured.value - version.baseline))

    total = Fraction(0)
    for number in range(period.days):
        day = period.start + timedelta(number)
        latest = next((m for m in reversed(counting) if m.date <= day), None)
        if latest is None or not active(day) or day >= in_force(latest.date).stale_from(latest.date):
            continue
        total += worth(latest, "rate_month") / month_length(day) + worth(latest, "rate_year") / year_length(day)
    for bound, sign in ((period.end, 1), (period.start, -1)):
        latest = next((m for m in reversed(counting) if m.date < bound), None)
        total += sign * worth(latest, "one_off") if latest else 0
    return total


@settings(max_examples=150, deadline=None)
@given(indicators(), DAY, st.integers(1, 200), st.booleans())
def test_kvi_value_is_the_sum_over_days(indicator, start, days, confirmed_only):
    period, basis = Period(start, start + timedelta(days)), Basis("conservative", confirmed_only)
    found = indicator_value(indicator, period, period.end, basis, {"EUR": Fraction(1)})
    assert found.value == slowly(indicator, period, basis)


@settings(max_examples=100, deadline=None)
@given(indicators(), DAY, st.integers(1, 200), st.integers(1, 200))
def test_kvi_value_is_additive_over_adjacent_periods(indicator, start, first, second):
    middle, end = start + timedelta(first), start + timedelta(first + second)
    basis, rates = Basis("conservative", False), {"EUR": Fraction(1)}
    parts = [indicator_value(indicator, Period(a, b), b, basis, rates).value or 0 for a, b in
             ((start, middle), (middle, end))]  # fmt: skip
    assert sum(parts) == (indicator_value(indicator, Period(start, end), end, basis, rates).value or 0)
