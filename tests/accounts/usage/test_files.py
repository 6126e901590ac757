"""end_users.csv, usage_events.csv and usage_daily.csv, each row of the contract's rules."""

import random

import pytest

from accounts.models import EndUser
from accounts.records.merging import merge, merge_preview
from accounts.usage.models import UsageDaily, UsageEvent, UserDay
from tests.accounts.usage.worlds import daily_file, events_file, moved, random_daily, random_event
from tests.factories.accounts import make_customer, make_user, make_user_group
from tests.factories.usage import make_end_user

pytestmark = pytest.mark.django_db
EVENT = "external_id,customer,end_user,name,occurred_at,feature,duration_seconds,properties"
DAILY = "customer,end_user,date,feature,events,sessions,duration_seconds,active_users"


@pytest.fixture(autouse=True)
def customers(db):
    customers = {name: make_customer(external_id=name) for name in ("C1", "C2", "C3", "C4")}
    for user, customer in (("u1", "C1"), ("u2", "C1"), ("u3", "C2"), ("u4", "C3"), ("t1", "C1")):
        make_end_user(customers[customer], external_id=user, is_test=user == "t1")
    make_user_group(customers["C2"], external_id="G2")
    return customers


def test_end_users(judge):
    judge("end_users", "external_id,customer,user_group,is_licensed,active_from,active_to,is_test", [
        ("a,C1,,,2025-01-01,2025-01-01,", ""),
        ("b,C2,G2,0,,,1", ""),
        ("c,C1,G2,,,,", 'user_group:conflict: "G2"'),
        ("d,C1,,,2025-01-02,2025-01-01,", 'active_to:conflict: "2025-01-01"'),
        ("e,C1,,maybe,,,", 'is_licensed:bad_value: "maybe"'),
        ("u1,C2,,,,,", 'customer:conflict: "C2"'),
        ("a,C1,,,,,", 'external_id:duplicate_key: "a"'),
    ])  # fmt: skip
    assert EndUser.objects.get(external_id="a").is_licensed


def test_usage_events(judge):
    judge("usage_events", EVENT, [
        ('a,C1,u1,open,2025-01-06T09:00,,1.5,"{""page"": 1}"', ""),
        ("b,C1,u2,open,2025-01-06,report,,", ""),
        ("c,C2,u1,open,2025-01-06,,,", 'end_user:conflict: "u1"'),
        ("d,C1,,open,2025-01-06,,,", 'end_user:missing_value: ""'),
        ("e,C1,u9,open,2025-01-06,,,", 'end_user:unknown_reference: "u9"'),
        ("f,C1,u1,open,2025-03-30T02:30,,,", 'occurred_at:nonexistent_time: "2025-03-30T02:30"'),
        ("g,C1,u1,open,2025-01-06,,-1,", 'duration_seconds:out_of_range: "-1"'),
        ('h,C1,u1,open,2025-01-06,,,"[1]"', 'properties:bad_value: "[1]"'),
        ('i,C1,u1,open,2025-01-06,,,"{""a"": NaN}"', 'properties:bad_value: "{"a": NaN}"'),
        ("a,C1,u1,open,2025-01-06,,,!", 'external_id:duplicate_key: "a"'),
    ])  # fmt: skip
    assert UsageEvent.objects.get(external_id="a").properties == '{"page": 1}'


def test_usage_daily(judge):
    judge("usage_daily", DAILY, [
        ("C1,u1,2025-01-06,report,3,2,90,", ""),
        ("C1,,2025-01-06,report,9,,,4", ""),
        ("C1,u1,2025-01-06,export,3,,,", ""),
        ("C1,,2025-01-06,report,1,,,", 'customer:duplicate_key: "C1"'),
        ("C1,u1,2025-01-06,report,1,,,", 'customer:duplicate_key: "C1"'),
        ("C1,u2,2025-01-06,report,1,,,4", 'active_users:conflict: "4"'),
        ("C2,u1,2025-01-06,report,1,,,", 'end_user:conflict: "u1"'),
        ("C2,u9,2025-01-06,report,1,,,", 'end_user:unknown_reference: "u9"'),
        ("C2,,2025-01-06,,1,,,", 'feature:missing_value: ""'),
        ("C2,,2025-01-06,report,-1,,,", 'events:out_of_range: "-1"'),
    ])  # fmt: skip


def test_a_file_without_users_is_person_free_and_changes_what_it_names(load):
    load(usage_daily="customer,date,feature,events,active_users\nC1,2025-01-06,report,3,2")
    again = load(usage_daily="customer,date,feature,events\nC1,2025-01-06,report,4\nC1,2025-01-07,report,4")
    assert again.out == ["usage_daily.csv created=1 updated=1 unchanged=0 rejected=0"]
    assert list(UsageDaily.objects.order_by("date").values_list("end_user", "events", "active_users")) == [
        (None, 4, 2), (None, 4, None),
    ]  # fmt: skip


def test_the_order_of_rows_does_not_matter(load):
    dice = random.Random(1)
    events = [random_event(dice, f"e{number}") for number in range(30)]
    daily = list({(r.customer, r.user, r.day, r.feature): r for r in (random_daily(dice) for _ in range(30))}.values())
    assert load(usage_events=events_file(events), usage_daily=daily_file(daily)).err == []
    first = everything()
    for model in (UsageEvent, UsageDaily, UserDay):
        model.objects.all().delete()
    load(usage_daily=daily_file(daily[::-1]))
    load(usage_events=events_file([moved(dice, event) for event in events[::-1]]))
    load(usage_events=events_file(events[::-1]))
    assert everything() == first


def everything():
    events = UsageEvent.objects.values_list("external_id", "end_user", "occurred_at", "feature", "duration_seconds")
    daily = UsageDaily.objects.values_list("customer", "end_user", "date", "feature", "events", "active_users")
    days = UserDay.objects.values_list("pk", "events", "sessions", "duration_seconds", "gap_seconds")
    return [sorted(rows, key=str) for rows in (events, daily, days)]


def test_usage_follows_a_customer_that_is_merged_but_for_days_that_both_have(load, customers):
    rows = "C1,,2025-01-06,a,1", "C2,,2025-01-06,a,2", "C2,,2025-01-07,a,3", "C2,u3,2025-01-07,a,4"
    load(usage_daily="\n".join((DAILY, *(f"{row},,," for row in rows))))
    kept, gone = customers["C1"], customers["C2"]
    assert merge_preview(kept, gone).contradictions == [
        "Days of usage without a user that both have: 1. Those of the one that goes stay."
    ]
    merge(kept, gone, by=make_user("admin"))
    rows = UsageDaily.objects.order_by("events").values_list("customer__external_id", "events")
    assert list(rows) == [("C1", 1), ("C2", 2), ("C1", 3), ("C1", 4)]
    again = load(usage_daily=f"{DAILY}\nC2,u3,2025-01-07,a,4,,,\nC2,,2025-01-07,a,3,,,")
    assert again.out == ["usage_daily.csv created=0 updated=0 unchanged=2 rejected=0"]
