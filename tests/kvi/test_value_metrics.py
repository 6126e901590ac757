"""What reached goals are worth (metrics.md, section 11 rule 7) through real rows."""

from datetime import date

import pytest

from tests.factories.accounts import make_customer
from tests.factories.asking import ask, ask_one, value_of
from tests.factories.facts import (
    make_goal,
    make_indicator,
    make_measurement,
    make_rate,
    make_subscription,
    make_version,
    set_workspace,
)

pytestmark = pytest.mark.django_db
WINTER = "2025-01-01..2025-03-01"
HOURS = {
    "direction": "decrease", "baseline": 120, "target": 60, "value_kind": "rate_month", "value_currency": "EUR",
    "value_factor_conservative": 40, "value_factor_expected": 50,
}  # fmt: skip


def kvi(code: str, period: str, **question):
    return value_of(code, period, level="kvi", subjects=["K"], **question)


@pytest.fixture
def customer(db):
    customer = make_customer(external_id="X", segment="south")
    make_subscription(customer, "2024-01-01", None, 750)
    return customer


@pytest.fixture
def hours(customer):
    """From 120 to 60 hours: 90 on 2025-01-16 (confirmed), 75 on 2025-02-15."""
    indicator = make_indicator(make_goal(customer, external_id="O"), external_id="K", **HOURS)
    make_measurement(indicator, "2025-01-16", 90, status="confirmed")
    make_measurement(indicator, "2025-02-15", 75)
    return indicator


@pytest.mark.parametrize(
    ("variant", "value"),
    [
        ("conservative", "2119.3548387097"),
        ("expected", "2649.1935483871"),
        ("conservative_confirmed", "1819.3548387097"),
        ("expected_confirmed", "2274.1935483871"),
    ],
)
def test_january_and_february_at_every_level(hours, variant, value):
    levels = {"kvi": ["K"], "goal": ["O"], "customer": ["X"], "segment": ["south"], "portfolio": None}
    found = [ask_one("kvi_value", WINTER, level=level, subjects=s, variant=variant) for level, s in levels.items()]
    assert [(r["value"], r["n"], r["numerator"], r["unit"]) for r in found] == [(value, 1, None, "money")] * 5


def test_value_to_date_starts_with_the_first_measurement(hours):
    assert kvi("kvi_value_to_date", "2025-02") == "2119.3548387097"
    assert kvi("kvi_value", "2025-02") == "1500"
    assert kvi("kvi_value_to_date", "2025-01-01..2025-01-16") == "(no_data)"
    assert kvi("kvi_value_to_date", "2025-02", variant="conservative_confirmed") == "1819.3548387097"


def test_value_to_price(hours):
    found = ask_one("kvi_roi", WINTER)
    assert found == {
        "metric": "kvi_roi", "level": "portfolio", "subject": None,
        "period": {"start": "2025-01-01", "end": "2025-03-01"}, "value": "1.4129032258", "unit": "ratio",
        "numerator": "2119.3548387097", "denominator": "1500", "n": 1, "interval": None, "reason": None,
        "variant": "conservative", "as_of": "2026-01-01",
    }  # fmt: skip


def test_value_to_price_compares_the_same_customers(hours):
    make_subscription(make_customer(), "2024-01-01", None, 9999)
    assert value_of("kvi_roi", WINTER) == "1.4129032258"
    assert value_of("kvi_roi", WINTER, level="customer", subjects=["X"]) == "1.4129032258"


def test_value_to_price_without_a_price(hours, customer):
    customer.subscriptions.update(mrr=0)
    found = ask_one("kvi_roi", WINTER)
    expected = ("zero_denominator", "2119.3548387097", "0", 1)
    assert (found["reason"], found["numerator"], found["denominator"], found["n"]) == expected
    customer.subscriptions.all().delete()
    assert value_of("kvi_roi", WINTER) == "(no_data)"
    assert value_of("kvi_roi", "2024-01") == "(no_data)"


def test_a_value_holds_until_it_is_stale(hours):
    assert kvi("kvi_value", "2025-03") == "1800"
    assert kvi("kvi_value", "2025-04") == "840"  # 14 of 30 days
    assert kvi("kvi_value", "2025-05") == "0"


def test_additive_over_adjacent_periods(hours):
    parts = ["2025-01-01..2025-01-20", "2025-01-20..2025-02-16", "2025-02-16..2025-03-01"]
    assert abs(sum(float(kvi("kvi_value", part)) for part in parts) - 2119.3548387097) < 1e-9


def test_a_value_holds_only_while_the_indicator_is_active(hours):
    hours.versions.update(retired_on=date(2025, 2, 1))
    assert kvi("kvi_value", WINTER) == "619.3548387097"
    hours.goal.retired_on = date(2025, 1, 17)
    hours.goal.save()
    assert kvi("kvi_value", WINTER) == "38.7096774194"


def test_a_year_rate_is_shared_out_over_the_days_of_the_year(customer):
    terms = {**HOURS, "value_kind": "rate_year", "cadence": "yearly"}
    indicator = make_indicator(make_goal(customer), external_id="K", **terms)
    make_measurement(indicator, "2024-12-01", 90)
    assert kvi("kvi_value", "2025") == "1200"
    assert kvi("kvi_value", "2024-12-30..2025-01-02") == "9.8450482821"  # 1200 × (2 ÷ 366 + 1 ÷ 365)


def test_a_one_off_counts_what_was_gained_in_the_period(customer):
    indicator = make_indicator(make_goal(customer), external_id="K", **{**HOURS, "value_kind": "one_off"})
    make_measurement(indicator, "2025-01-16", 90, status="confirmed")
    make_measurement(indicator, "2025-02-15", 75)
    months = ["2025-01", "2025-02", "2025-03", "2025-12"]
    assert [kvi("kvi_value", month) for month in months] == ["1200", "600", "0", "0"]
    assert kvi("kvi_value_to_date", "2025-12") == "1800"
    assert kvi("kvi_value", "2025-02", variant="conservative_confirmed") == "0"


def test_a_worse_value_is_worth_less_than_nothing(hours):
    make_measurement(hours, "2025-02-16", 150)
    assert kvi("kvi_value", "2025-03") == "-1200"


def test_worth_is_that_of_the_version_on_the_measurements_day(hours):
    make_version(hours, **{**HOURS, "value_factor_conservative": 80, "valid_from": date(2025, 2, 1)})
    assert kvi("kvi_value", WINTER) == "3019.3548387097"
    worthless = {"value_kind": "", "value_factor_conservative": None, "valid_from": date(2025, 2, 2)}
    make_version(hours, **{**HOURS, **worthless})
    assert kvi("kvi_value", WINTER) == "1219.3548387097"  # the second measurement is worth 0


class TestWithoutAValue:
    def test_no_kind(self, customer):
        make_measurement(make_indicator(make_goal(customer), external_id="K"), "2025-01-15", 130)
        assert kvi("kvi_value", WINTER) == "(not_applicable)"
        assert value_of("kvi_value", WINTER) == "(not_applicable)"
        assert value_of("kvi_roi", WINTER) == "(not_applicable)"

    def test_kind_only_in_a_proposal(self, customer):
        make_indicator(make_goal(customer), external_id="K", **{**HOURS, "agreed_on": None, "state": "proposed"})
        assert kvi("kvi_value", WINTER) == "(not_applicable)"

    def test_no_factor_for_the_variant(self, customer):
        terms = {**HOURS, "value_factor_expected": None}
        make_measurement(make_indicator(make_goal(customer), external_id="K", **terms), "2025-01-15", 90)
        assert kvi("kvi_value", WINTER, variant="expected") == "(not_applicable)"

    def test_no_measurement(self, customer):
        make_indicator(make_goal(customer), external_id="K", **HOURS)
        found = ask_one("kvi_value", WINTER, level="kvi", subjects=["K"])
        assert (found["reason"], found["n"]) == ("no_data", 0)

    def test_none_confirmed(self, customer):
        make_measurement(make_indicator(make_goal(customer), external_id="K", **HOURS), "2025-01-15", 90)
        assert kvi("kvi_value", WINTER, variant="conservative_confirmed") == "(no_data)"

    def test_mixed_reasons_are_no_data(self, customer):
        owner = make_goal(customer, external_id="O")
        make_indicator(owner)
        make_indicator(owner, **HOURS)
        assert value_of("kvi_value", WINTER, level="goal", subjects=["O"]) == "(no_data)"

    def test_an_open_period(self, hours):
        assert kvi("kvi_value", WINTER, as_of="2025-02-27") == "(incomplete_period)"


class TestCurrencies:
    @pytest.fixture
    def dollars(self, customer):
        terms = {**HOURS, "value_currency": "USD"}
        indicator = make_indicator(make_goal(customer), external_id="D", **terms)
        make_measurement(indicator, "2025-01-01", 119)
        return indicator

    def test_need_the_rate_of_the_first_day(self, hours, dollars):
        assert value_of("kvi_value", WINTER) == "(mixed_currency)"
        assert value_of("kvi_roi", WINTER) == "(mixed_currency)"
        assert kvi("kvi_value", WINTER) == "2119.3548387097"
        make_rate("USD", "2025-01-01", "0.5")
        make_rate("USD", "2025-02-01", "0.9")
        assert value_of("kvi_value", "2025-01", level="kvi", subjects=["D"]) == "20"
        assert value_of("kvi_value_to_date", "2025-02", level="kvi", subjects=["D"]) == "72"
        found = ask_one("kvi_value", WINTER)
        assert (found["value"], found["n"]) == ("2159.3548387097", 1)

    def test_do_not_matter_for_nothing(self, dollars):
        dollars.measurements.update(value=120)
        assert value_of("kvi_value", WINTER) == "0"


def test_at_portfolio_n_counts_customers_and_at_the_customer_indicators(hours, customer):
    second = make_indicator(make_goal(customer), **HOURS)
    make_measurement(second, "2025-01-16", 120)
    make_customer()
    assert ask_one("kvi_value", WINTER, level="customer", subjects=["X"])["n"] == 2
    assert ask_one("kvi_value", WINTER)["n"] == 1


@pytest.mark.parametrize("size", [1, 30])
def test_as_many_queries_for_thirty_customers_as_for_one(db, size, django_assert_num_queries):
    for _ in range(size):
        customer = make_customer()
        make_subscription(customer, "2024-01-01", None, 60)
        make_measurement(make_indicator(make_goal(customer), **HOURS), "2025-01-01", 90)
    set_workspace()
    with django_assert_num_queries(10):
        assert [r["value"] for r in ask("kvi_roi", "2025-01", level="customer")] == ["20"] * size
