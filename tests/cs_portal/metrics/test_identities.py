"""Identities that hold for any data (metrics.md, section 16 rule 9)."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from cs_portal.metrics import revenue, satisfaction
from cs_portal.metrics.base import Asked, Period, Scope
from cs_portal.metrics.indicators import Definition, GoalTerms, IndicatorFacts, Measured
from cs_portal.metrics.periods import month_length, year_length
from cs_portal.metrics.revenue import CustomerRevenue, RevenueTally
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


@given(st.lists(st.tuples(MONEY, MONEY), min_size=1))
def test_arr_is_twelve_times_mrr_and_arpa_its_share(amounts):
    customers = tuple(CustomerRevenue(pk, {"EUR": o}, {"EUR": c}) for pk, (o, c) in enumerate(amounts))
    tally, asked = RevenueTally(customers, {"EUR": Fraction(1)}), Asked(SCOPE, "default")
    mrr = revenue.mrr(tally, asked)
    assert revenue.arr(tally, asked).value == 12 * mrr.value
    payers = revenue.paying_customers(tally, asked).value
    assert revenue.arpa(tally, asked).value == (mrr.value / payers if payers else None)


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
