"""Section 5 of metrics.md through real rows."""

import pytest

from accounts.revenue.metrics import METRICS
from cs_portal.metrics.base import Period
from kvi.scorecard import measure
from tests.factories.accounts import make_customer
from tests.factories.asking import LATER, ask, ask_one, value_of
from tests.factories.facts import make_cost, make_rate, make_subscription, set_workspace

pytestmark = pytest.mark.django_db
MONTH = "2025-01"


def reading(metric: str, value: str | None, n: int | None, **other: object) -> dict[str, object]:
    return {
        "metric": metric, "level": "portfolio", "subject": None,
        "period": {"start": "2025-01-01", "end": "2025-02-01"}, "value": value, "unit": "money", "numerator": None,
        "denominator": None, "n": n, "interval": None, "reason": None, "variant": "default", "as_of": "2026-01-01",
        **other,
    }  # fmt: skip


@pytest.mark.parametrize(
    "expected",
    [
        reading("mrr", "1840", 6),
        reading("mrr_opening", "1500", 5),
        reading("arr", "22080", 6),
        reading("arpa", "306.6666666667", 6, numerator="1840", denominator="6", variant="monthly"),
        reading("paying_customers", "6", 6, unit="count"),
        reading("paying_customers_opening", "5", 5, unit="count"),
        reading("recurring_revenue", "1932.2580645161", 9),
    ],
    ids=lambda expected: expected["metric"],
)
def test_fixture_r(fixture_r, expected):
    assert ask_one(expected["metric"], MONTH) == expected


def test_a_customer_earns_day_by_day(fixture_r):
    assert value_of("recurring_revenue", MONTH, level="customer", subjects=["B"]) == "529.0322580645"
    assert value_of("recurring_revenue", "2024-12") == "1500"


def test_a_constant_customer_earns_its_mrr_in_every_month_whatever_its_length(fixture_r):
    assert value_of("recurring_revenue", "2024-02", level="customer", subjects=["A"]) == "500"
    assert value_of("recurring_revenue", "2024", level="customer", subjects=["A"]) == "6000"


@pytest.mark.parametrize("variant", ["seed", "seed_literal"])
def test_the_articles_arr_is_answered_as_annual_arpa(fixture_r, variant):
    assert ask_one("arr", MONTH, variant=variant) == reading(
        "arpa", "3680", 6, numerator="22080", denominator="6", variant="annual"
    )


def test_arpa_without_a_payer_has_nothing_to_divide_by(db):
    make_subscription(make_customer(), "2025-01-01", None, 0)
    assert ask_one("arpa", MONTH) == reading(
        "arpa", None, 0, numerator="0", denominator="0", reason="zero_denominator", variant="monthly"
    )


def test_a_customer_without_payment_has_an_mrr_of_zero(fixture_r):
    assert [(r["subject"], r["value"], r["n"]) for r in ask("mrr", MONTH, level="customer", subjects=["D", "J"])] == [
        ("D", "0", 0),
        ("J", "0", 0),
    ]


def test_without_a_subscription_row_up_to_the_last_day_there_is_no_data(db):
    customer = make_customer(external_id="X")
    make_subscription(customer, "2025-02-01", None, 10)
    for code in ("mrr", "arr", "recurring_revenue"):
        assert ask_one(code, MONTH, level="customer", subjects=["X"])["reason"] == "no_data"
    assert ask_one("paying_customers", MONTH) == reading("paying_customers", None, 0, unit="count", reason="no_data")


def test_segments_are_pooled_and_listed_by_code_point(fixture_r):
    segments = [(r["subject"], r["value"]) for r in ask("mrr", MONTH, level="segment")]
    assert segments == [("north", "690"), ("south", "1150")]


def test_a_test_customer_counts_only_when_asked_for_directly(fixture_r):
    make_subscription(make_customer(external_id="T", is_test=True, segment="south"), "2024-01-01", None, 1000)
    assert value_of("mrr", MONTH) == "1840"
    assert value_of("mrr", MONTH, level="segment", subjects=["south"]) == "1150"
    assert value_of("mrr", MONTH, level="customer", subjects=["T"]) == "1000"
    assert "T" not in {r["subject"] for r in ask("mrr", MONTH, level="customer")}


def test_a_filter_is_the_portfolio_over_exactly_those_customers(fixture_r):
    assert value_of("mrr", MONTH, customers=[fixture_r["A"].pk, fixture_r["B"].pk]) == "1150"


def test_the_rate_is_that_of_the_first_day(fixture_r):
    make_subscription(make_customer(external_id="U"), "2024-01-01", None, 1000, currency="USD")
    assert value_of("mrr", MONTH) == "(mixed_currency)"
    make_rate("USD", "2024-06-01", "0.80")
    make_rate("USD", "2025-01-01", "0.95")
    make_rate("USD", "2025-01-02", "0.5")
    assert value_of("mrr", MONTH) == "2790"
    assert value_of("mrr_opening", MONTH) == "2450"
    assert value_of("recurring_revenue", MONTH, level="customer", subjects=["U"]) == "950"


def test_counts_of_payers_and_zero_amounts_need_no_rate(fixture_r):
    make_subscription(make_customer(), "2024-01-01", None, 0, currency="CHF")
    assert value_of("mrr", MONTH) == "1840"
    make_subscription(make_customer(), "2024-01-01", None, 7, currency="CHF")
    assert ask_one("mrr", MONTH) == reading("mrr", None, None, reason="mixed_currency")
    assert value_of("paying_customers", MONTH) == "7"


def test_another_reporting_currency(fixture_r):
    set_workspace(reporting_currency="USD")
    assert value_of("mrr", MONTH) == "(mixed_currency)"
    make_rate("EUR", "2024-01-01", "1.1")
    assert value_of("mrr", MONTH) == "2024"


def test_a_period_that_still_runs_is_incomplete(fixture_r):
    assert ask_one("mrr", MONTH, as_of="2025-01-30") == reading(
        "mrr", None, None, reason="incomplete_period", as_of="2025-01-30"
    )
    assert value_of("mrr", MONTH, as_of="2025-01-31") == "1840"


def test_rows_that_never_are_active_and_rows_that_end_on_the_last_day(db):
    customer = make_customer(external_id="X")
    make_subscription(customer, "2025-01-10", "2025-01-10", 99)
    make_subscription(customer, "2025-01-01", "2025-01-31", 31)
    assert value_of("mrr", MONTH) == "0"
    assert value_of("recurring_revenue", MONTH) == "30"


@pytest.mark.parametrize("size", [1, 30])
def test_as_many_queries_for_thirty_customers_as_for_one(db, size, django_assert_num_queries):
    """The whole family with every variant: each tally is read once."""
    for number in range(size):
        customer = make_customer(external_id=f"C{number}")
        make_subscription(customer, "2024-01-01", None, 10)
        make_cost("2025-01-02", "acquisition", 5, customer=customer, channel="web")
    set_workspace()
    codes, period = [metric.code for metric in METRICS], Period.parse(MONTH)
    with django_assert_num_queries(14):
        measure(codes, period, as_of=LATER, variant="all")
    of_customers = [metric.code for metric in METRICS if "customer" in metric.levels]
    with django_assert_num_queries(12):
        measure(of_customers, period, level="customer", as_of=LATER, variant="all")
