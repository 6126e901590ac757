"""Fixture T of metrics.md section 7: January 2025."""

import pytest

from accounts.models import Customer
from tests.factories.accounts import make_customer
from tests.factories.facts import make_ticket

AT_ONCE = {"first_contact_solved": True}


@pytest.fixture
def fixture_t(db) -> Customer:
    customer = make_customer(external_id="X", segment="south")
    make_ticket(customer, "2025-01-06T09:00+01", closed_at="2025-01-06T11:00+01", handling_minutes=20, **AT_ONCE)
    make_ticket(
        customer, "2025-01-07T09:00+01", closed_at="2025-01-08T09:00+01", first_closed_at="2025-01-07T12:00+01",
        reopened_at="2025-01-07T17:00+01", handling_minutes=90, **AT_ONCE,
    )  # fmt: skip
    make_ticket(
        customer, "2024-12-30T09:00+01", closed_at="2025-01-01T09:00+01", resolved=False, handling_minutes=40,
        first_contact_solved=False,
    )  # fmt: skip
    make_ticket(customer, "2025-01-09T09:00+01", closed_at="2025-01-09T09:30+01", handling_minutes=10, **AT_ONCE)
    make_ticket(customer, "2025-01-20T09:00+01")
    make_ticket(customer, "2025-01-10T09:00+01", closed_at="2025-01-10T14:00+01")
    return customer
