"""Fixture R of metrics.md 5.3."""

import pytest

from accounts.models import Customer
from tests.factories.accounts import make_customer
from tests.factories.facts import make_churn_record, make_cost, make_subscription

ROWS = {
    "A": [("2024-01-01", None, 500, {})],
    "B": [
        ("2024-03-01", "2025-01-15", 400, {}),
        ("2025-01-15", None, 600, {"change_reason": "upsell"}),
        ("2025-01-20", None, 50, {"kind": "addon"}),
    ],
    "C": [("2024-06-01", "2025-01-10", 300, {}), ("2025-01-10", None, 200, {"change_reason": "downgrade"})],
    "D": [("2024-02-01", "2025-01-20", 200, {})],
    "E": [("2024-05-01", "2025-01-25", 100, {}), ("2025-01-25", None, 0, {"plan": "free"})],
    "F": [("2025-01-01", None, 250, {})],
    "G": [("2024-01-01", "2024-07-01", 150, {}), ("2025-01-05", None, 150, {})],
    "H": [("2025-01-03", "2025-01-28", 80, {})],
    "I": [("2025-01-08", "2025-01-22", 90, {"is_trial": True}), ("2025-01-22", None, 90, {})],
    "J": [("2025-01-10", "2025-01-24", 90, {"is_trial": True})],
}


@pytest.fixture
def fixture_r(db) -> dict[str, Customer]:
    customers = {name: make_customer(external_id=name, segment="south" if name in "AB" else "north") for name in ROWS}
    for name, rows in ROWS.items():
        for start, end, mrr, fields in rows:
            make_subscription(customers[name], start, end, mrr, **fields)
    make_churn_record(customers["D"], "2025-01-18", "competitor")
    make_cost("2025-01-31", "acquisition", 14000)
    make_cost("2025-01-02", "retention", 1000)
    make_cost("2025-01-01", "serving", 120, customer=customers["B"])
    return customers
