"""Why a customer left: the first rule of metrics.md 5.5 that applies."""

from datetime import UTC, datetime

import pytest

from tests.factories.accounts import make_customer
from tests.factories.asking import ask
from tests.factories.facts import make_churn_record, make_subscription, set_workspace

pytestmark = pytest.mark.django_db
MONTH = "2025-01"
CASES = {
    "latest in the period": ([("2025-01-05", "price", "a"), ("2025-01-31", "other", "b")], "other"),
    "not after it": ([("2025-02-01", "price", "a")], "unknown"),
    "first day of the period": ([("2025-01-01", "price", "a")], "price"),
    "latest of 90 days before": ([("2024-10-03", "price", "a"), ("2024-12-31", "support_quality", "b")],
                                 "support_quality"),
    "first of 90 days before": ([("2024-10-03", "price", "a")], "price"),
    "91 days before": ([("2024-10-02", "price", "a")], "unknown"),
    "same day, greatest by code point": ([("2025-01-05", "price", "Z"), ("2025-01-05", "other", "a"),
                                          ("2025-01-05", "competitor", "B")], "other"),
    "umlauts come last": ([("2025-01-05", "price", "z"), ("2025-01-05", "other", "ä")], "other"),
    "nothing": ([], "unknown"),
}  # fmt: skip


def reasons(**question: object) -> dict[str, str]:
    shares = ask("churn_reason_share", MONTH, **question)
    return {r["metric"].partition(":")[2]: r["numerator"] for r in shares if r["numerator"] != "0"}


def test_the_first_rule_that_applies(db):
    expected: dict[str, int] = {}
    for number, (records, reason) in enumerate(CASES.values()):
        customer = make_customer()
        make_subscription(customer, "2024-01-01", "2025-01-20", 10)
        for day, why, name in records:
            make_churn_record(customer, day, why, external_id=f"{name}{number}")
        expected[reason] = expected.get(reason, 0) + 1
    assert reasons() == {reason: str(count) for reason, count in expected.items()}


def test_a_free_plan_on_the_last_day_wins_over_a_record(db):
    customer, trial = make_customer(), make_customer()
    for one in (customer, trial):
        make_subscription(one, "2024-01-01", "2025-01-20", 10)
        make_churn_record(one, "2025-01-20", "price")
    make_subscription(customer, "2025-01-20", None, 0, kind="addon")
    make_subscription(trial, "2025-01-20", None, 0, is_trial=True)
    assert reasons() == {"freemium_downgrade": "1", "price": "1"}


def test_archived_records_and_those_outside_the_setting_do_not_count(db):
    customer = make_customer()
    make_subscription(customer, "2024-01-01", "2025-01-20", 10)
    make_churn_record(customer, "2025-01-20", "price", archived_at=datetime(2025, 2, 1, tzinfo=UTC))
    make_churn_record(customer, "2024-12-31", "other")
    assert reasons() == {"other": "1"}
    set_workspace(churn_reason_lookback_days=0)
    assert reasons() == {"unknown": "1"}


def test_a_record_of_a_customer_that_stays_changes_nothing(fixture_r):
    make_churn_record(fixture_r["A"], "2025-01-20", "price")
    assert reasons() == {"competitor": "1", "freemium_downgrade": "1"}
