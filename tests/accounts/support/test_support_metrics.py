"""Section 7 of metrics.md through real rows."""

from datetime import date

import pytest

from tests.factories.accounts import make_customer
from tests.factories.asking import ask, ask_one, value_of
from tests.factories.facts import make_ticket, set_workspace
from tests.factories.usage import make_end_user

pytestmark = pytest.mark.django_db
MONTH = "2025-01"
CODES = (
    "tickets_opened", "tickets_closed", "open_tickets", "average_ticket_time", "median_ticket_time", "p90_ticket_time",
    "first_contact_resolution",
)  # fmt: skip


def shape(reading):
    """Value or reason, the two sides, n and unit."""
    return [reading["value"] or reading["reason"], *(reading[key] for key in ("numerator", "denominator", "n", "unit"))]


def readings(period=MONTH, **question):
    return {
        (reading["metric"], reading["variant"]): shape(reading)
        for code in CODES
        for reading in ask(code, period, variant="all", **question)
    }


def test_fixture_t(fixture_t):
    expected = {
        ("tickets_opened", "default"): ["5", None, None, 5, "count"],
        ("tickets_closed", "default"): ["5", None, None, 5, "count"],
        ("open_tickets", "default"): ["1", None, None, 1, "count"],
        ("average_ticket_time", "elapsed"): ["15.9", "79.5", "5", 5, "hours"],
        ("average_ticket_time", "handling"): ["40", "160", "4", 4, "minutes"],
        ("median_ticket_time", "elapsed"): ["5", None, None, 5, "hours"],
        ("median_ticket_time", "handling"): ["30", None, None, 4, "minutes"],
        ("p90_ticket_time", "elapsed"): ["48", None, None, 5, "hours"],
        ("p90_ticket_time", "handling"): ["90", None, None, 4, "minutes"],
        ("first_contact_resolution", "all_closed"): ["0.4", "2", "5", 5, "ratio"],
        ("first_contact_resolution", "resolved_only"): ["0.5", "2", "4", 4, "ratio"],
    }
    assert readings() == expected
    assert readings(level="segment", subjects=["south"]) == expected
    assert readings(level="customer", subjects=["X"]) == expected
    assert readings(customers=[fixture_t.pk]) == expected


def test_a_customer_without_tickets_has_none_and_nothing_to_divide(fixture_t):
    make_customer(external_id="Y")
    nothing = ["zero_denominator", "0", "0", 0]
    empty = ["zero_denominator", None, None, 0]
    found = readings(level="customer", subjects=["Y"])
    assert {key: value[:4] for key, value in found.items()} == {
        **{(code, "default"): ["0", None, None, 0] for code in CODES[:3]},
        **{("average_ticket_time", variant): nothing for variant in ("elapsed", "handling")},
        **{(code, variant): empty for code in CODES[4:6] for variant in ("elapsed", "handling")},
        **{("first_contact_resolution", variant): nothing for variant in ("all_closed", "resolved_only")},
    }


def test_without_any_ticket_up_to_the_last_day_there_is_no_data_a_test_customers_counts_as_one(db):
    make_ticket(make_customer(is_test=True), "2025-01-31T23:30+01", closed_at="2025-02-03")
    assert {tuple(value[:4]) for value in readings("2025-01-01..2025-01-31").values()} == {("no_data", None, None, 0)}
    assert readings()["open_tickets", "default"][0] == "0"


def test_no_word_on_the_first_contact_of_any_closed_ticket_is_no_data(db):
    customer = make_customer()
    make_ticket(customer, "2025-01-06", closed_at="2025-01-07")
    assert ask_one("first_contact_resolution", MONTH)["reason"] == "no_data"
    make_ticket(customer, "2025-01-06", closed_at="2025-01-07", resolved=False, first_contact_solved=True)
    assert value_of("first_contact_resolution", MONTH) == "0"
    assert shape(ask_one("first_contact_resolution", MONTH, variant="resolved_only"))[:4] == ["0", "0", "1", 1]


def test_days_are_local_and_hours_are_absolute(db):
    customer = make_customer()
    make_ticket(customer, "2025-03-30T01:00+01", closed_at="2025-03-30T04:00+02", first_contact_solved=True)
    make_ticket(customer, "2025-03-30T23:30Z", closed_at="2025-03-31T22:30Z", first_contact_solved=True)
    day = "2025-03-30..2025-03-31"
    assert value_of("tickets_opened", day) == "1"
    assert value_of("average_ticket_time", day) == "2"
    set_workspace(time_zone="UTC")
    assert value_of("tickets_opened", day) == "2"
    assert value_of("tickets_closed", "2025-03-31..2025-04-01") == "1"


def test_reopening_counts_within_the_window_of_days_to_the_second(db):
    customer = make_customer()
    for reopened in ("2025-01-13T12:00+01", "2025-01-13T12:00:01+01"):
        make_ticket(
            customer, "2025-01-06T09:00+01", first_closed_at="2025-01-06T12:00+01", reopened_at=reopened,
            closed_at="2025-01-20", first_contact_solved=True,
        )  # fmt: skip
    assert value_of("first_contact_resolution", MONTH) == "0.5"
    set_workspace(reopen_window_days=6)
    assert value_of("first_contact_resolution", MONTH) == "1"


def test_what_happened_later_is_not_known_yet(db):
    customer = make_customer()
    make_ticket(customer, "2025-01-06", first_closed_at="2025-01-07", reopened_at="2025-01-20", closed_at="2025-01-25")
    part = "2025-01-01..2025-01-11"
    assert [value_of(code, part, as_of="2025-01-10") for code in CODES[:3]] == ["1", "0", "1"]
    assert [value_of(code, part) for code in CODES[:3]] == ["1", "0", "1"]  # by its last closing
    assert [value_of(code, MONTH) for code in CODES[:3]] == ["1", "1", "0"]
    assert value_of("open_tickets", MONTH, as_of="2025-01-30") == "(incomplete_period)"


def test_tickets_per_licensed_user(db):
    customer = make_customer(external_id="X", segment="south")
    for number in range(3):
        make_ticket(customer, f"2025-01-0{6 + number}")
    assert shape(ask_one("tickets_per_user", MONTH)) == ["zero_denominator", "3", "0", 0, "count"]
    first, later = date(2025, 1, 31), date(2025, 2, 1)
    licences = [*[{}] * 9, {"active_from": first}, {"active_to": later}, {"active_from": first, "active_to": later}]
    for fields in licences:
        make_end_user(customer, **fields)
    others = ({"is_test": True}, {"is_licensed": False}, {"active_from": later}, {"active_to": first})
    for fields in others:
        make_end_user(customer, **fields)
    for where in ({}, {"level": "segment"}, {"level": "customer"}, {"customers": [customer.pk]}):
        assert shape(ask_one("tickets_per_user", MONTH, **where)) == ["0.25", "3", "12", 12, "count"]
    customer.end_users.update(archived_at="2025-06-01T00:00Z")
    assert value_of("tickets_per_user", MONTH) == "0.25"
    assert value_of("tickets_per_user", "2024-12") == "(no_data)"


def test_archived_tickets_count_nowhere(fixture_t):
    fixture_t.tickets.update(archived_at="2025-06-01T00:00Z")
    assert ask_one("tickets_opened", MONTH)["reason"] == "no_data"


@pytest.mark.parametrize("size", [1, 30])
def test_as_many_queries_for_thirty_customers_as_for_one(db, size, django_assert_num_queries):
    for number in range(size):
        make_ticket(make_customer(external_id=f"C{number}"), "2025-01-06", closed_at="2025-01-07")
    set_workspace()
    with django_assert_num_queries(7):
        assert len(ask("tickets_per_user", MONTH, level="customer")) == size
