"""Edges that random companies seldom meet."""

import pytest

from tests.factories.accounts import make_customer
from tests.factories.asking import ask, value_of
from tests.factories.facts import make_subscription

pytestmark = pytest.mark.django_db
MONTH = "2025-01"


def first(code: str, **question: object) -> str:
    reading = ask(code, MONTH, **question)[0]
    return str(reading["value"] or f"({reading['reason']})")


def test_a_row_that_never_was_active_makes_no_earlier_payer(db):
    customer = make_customer()
    make_subscription(customer, "2024-05-01", "2024-05-01", 100)
    make_subscription(customer, "2025-01-05", None, 70)
    assert (first("mrr_new"), first("mrr_reactivation")) == ("70", "0")


def test_cross_selling_is_never_more_than_the_expansion(db):
    customer = make_customer()
    make_subscription(customer, "2024-01-01", "2025-01-10", 100)
    make_subscription(customer, "2025-01-10", None, 80)
    make_subscription(customer, "2025-01-10", None, 50, change_reason="cross_sell")
    assert [first("mrr_expansion"), first("mrr_expansion:cross_sell"), first("mrr_expansion:unspecified")] == [
        "30", "30", "0",
    ]  # fmt: skip


def test_two_days_without_a_rate_are_compared_one_is_not(db):
    customer = make_customer()
    make_subscription(customer, "2025-01-10", "2025-01-11", 10, currency="USD")
    assert (first("mrr_expansion", variant="daily"), first("mrr_new", variant="daily")) == ("0", "(mixed_currency)")
    make_subscription(customer, "2025-01-20", "2025-01-22", 10, currency="USD")
    assert first("mrr_expansion", variant="daily") == "(mixed_currency)"
    assert first("new_customers", variant="daily") == "1"


def test_a_trials_time_is_over_on_its_thirtieth_day(fixture_r):
    assert value_of("trial_to_paid", MONTH, as_of="2025-02-07") == "1"
