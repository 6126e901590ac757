"""Fixture U of metrics.md, section 8, and random worlds against a reckoning without SQL."""

import random
from datetime import date, timedelta
from fractions import Fraction

import pytest

from accounts.models import Customer
from cs_portal.metrics.base import Period
from kvi import scorecard
from kvi.scorecard import measure
from tests.accounts.usage.reckoning import Reckoning, User, World
from tests.accounts.usage.worlds import CUSTOMER_OF, daily_file, events_file, random_daily, random_event
from tests.factories.accounts import make_customer, make_user_group
from tests.factories.facts import make_subscription, set_workspace
from tests.factories.usage import make_end_user

pytestmark = pytest.mark.django_db
CODES = (
    "active_users", "dau", "wau", "mau", "stickiness", "regular_active_users", "regular_active_share",
    "usage_intensity", "sessions_per_day", "feature_adoption", "engagement_rate", "licence_utilisation",
    "active_accounts",
)  # fmt: skip
FIXTURE_U = """external_id,customer,end_user,name,occurred_at
1,X,u1,report,2025-01-06T09:00
2,X,u1,report,2025-01-06T09:10
3,X,u1,export,2025-01-06T09:45
4,X,u1,report,2025-01-07T10:00
5,X,u2,report,2025-01-06T08:00
6,X,u2,report,2025-01-06T08:20
7,X,u2,report,2025-01-08T08:00
8,X,u3,report,2024-12-20T10:00"""
WEEK = Period(date(2025, 1, 6), date(2025, 1, 13))
SETTINGS = {"usage_min_n": 0, "regular_days": 2, "regular_window_days": 3}
LEVELS = {
    "portfolio": [None], "segment": ["Mid", "Large"], "customer": ["C1", "C2", "C3", "C4"], "user_group": ["G1", "G2"],
}  # fmt: skip
SEGMENTS = {"C1": "Mid", "C2": "Mid", "C3": "Large", "C4": ""}


@pytest.fixture
def fixture_u(load):
    customer = make_customer(external_id="X", segment="Mid")
    for user in ("u1", "u2", "u3"):
        make_end_user(customer, external_id=user)
    make_subscription(customer, "2024-01-01", None, 100, seats=5)
    assert load(usage_events=FIXTURE_U).err == []
    return customer


@pytest.mark.parametrize(("level", "subject"), [("portfolio", None), ("segment", "Mid"), ("customer", "X")])
def test_the_examples_of_the_catalogue(fixture_u, level, subject):
    found = {
        (reading.metric, reading.variant): (plain(reading.value), reading.n)
        for reading in measure(CODES[:-1], WEEK, level=level, subjects=subject and [subject], variant="all")
    }
    examples = {
        ("active_users", "default"): ("2", 2),
        ("dau", "default"): ("4/7", 2),
        ("wau", "default"): ("2", 2),
        ("mau", "default"): ("3", 3),
        ("stickiness", "same_window"): ("1/18", 3),
        ("stickiness", "period_dau"): ("4/21", 3),
        ("regular_active_users", "default"): ("0", 0),
        ("regular_active_share", "default"): ("0", 3),
        ("usage_intensity", "default"): ("7/4", 2),
        ("sessions_per_day", "per_day"): ("5/7", 2),
        ("sessions_per_day", "per_user_day"): ("5/4", 2),
        ("feature_adoption:export", "active_users"): ("1/2", 2),
        ("feature_adoption:export", "licensed_users"): ("1/3", 3),
        ("feature_adoption:report", "active_users"): ("1", 2),
        ("feature_adoption:report", "licensed_users"): ("2/3", 3),
        ("engagement_rate", "per_user"): ("15", 2),
        ("engagement_rate", "per_user_day"): ("15/2", 2),
        ("licence_utilisation", "seats"): ("2/5", 5),
        ("licence_utilisation", "licensed_users"): ("2/3", 3),
    }
    if level != "customer":
        examples |= {
            ("feature_adoption:export", "accounts"): ("1", 1),
            ("feature_adoption:report", "accounts"): ("1", 1),
        }
        assert plain(measure(["active_accounts"], WEEK, level=level)[0].value) == "1"
    assert found == examples


def plain(value):
    return None if value is None else str(value)


def test_users_with_a_regular_habit(fixture_u, load):
    days = [
        f"{user}{day},X,{user},report,2025-01-{day:02}"
        for user, last in (("u1", 14), ("u2", 12))
        for day in range(9, last)
    ]
    load(usage_events="\n".join([FIXTURE_U.splitlines()[0], *days]))
    share = measure(["regular_active_share"], WEEK)[0]
    assert measure(["regular_active_users"], WEEK)[0].value == 2
    assert (share.value, share.numerator, share.denominator) == (Fraction(2, 3), 2, 3)


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(3, 60))])
def test_random_worlds_are_measured_as_they_are_reckoned(load, seed):
    dice = random.Random(seed)
    world = random_world(dice)
    store(world, load)
    for _question in range(4):
        start = date(2025, 3, 27) + timedelta(dice.randrange(5))
        end = start + timedelta(dice.choice((1, 2, 3, 40)))
        as_of = end + timedelta(dice.choice((-1, -1, 0, 3)))
        for level, subjects in LEVELS.items():
            ours = {
                (code, variant, subject): answer
                for subject in subjects
                for code, variant, answer in Reckoning(world, level, subject, start, end, as_of).answers()
            }
            assert asked(level, subjects, Period(start, end), as_of) == ours


def asked(level, subjects, period, as_of):
    codes = [code for code in CODES if code != "active_accounts" or level in ("portfolio", "segment")]
    codes = [code for code in codes if code != "licence_utilisation" or level != "user_group"]
    named = None if level == "portfolio" else subjects
    readings = measure(
        [*codes, "feature_adoption:never"], period, level=level, subjects=named, variant="all", as_of=as_of
    )
    return {(r.metric, r.variant, r.subject): (r.value, r.numerator, r.denominator, r.n, r.reason) for r in readings}


def random_world(dice):
    users = {}
    for name, customer in CUSTOMER_OF.items():
        first = date(2025, 3, 27) + timedelta(dice.randrange(5))
        span = dice.choice((None, (first, first + timedelta(3)), (date(2020, 1, 1), date(2199, 1, 1))))
        group = {"u1": "G1", "u2": "G1", "t1": "G1", "u3": "G2"}.get(name)
        users[name] = User(customer, group, name == "t1", span)
    events = [random_event(dice, f"e{number}") for number in range(dice.choice((0, 6, 40)))]
    rows = {
        (r.customer, r.user, r.day, r.feature): r for r in (random_daily(dice) for _ in range(dice.choice((0, 4, 25))))
    }
    customers = dict(SEGMENTS)
    paying = {name for name in customers if dice.random() < 0.6}
    seats = {name: dice.randrange(4) for name in customers if dice.random() < 0.6}
    tests = {"C3"} if dice.random() < 0.5 else set()
    return World(customers, tests, users, events, [*rows.values()], paying, seats, min_n=dice.choice((0, 0, 2)))


def store(world, load):
    set_workspace(**SETTINGS | {"usage_min_n": world.min_n})
    customers = {
        name: make_customer(external_id=name, segment=segment, is_test=name in world.tests)
        for name, segment in world.customers.items()
    }
    groups = {name: make_user_group(customers[owner], external_id=name) for name, owner in (("G1", "C1"), ("G2", "C2"))}
    for name, user in world.users.items():
        first, last = user.licensed or (None, None)
        make_end_user(
            customers[user.customer], external_id=name, user_group=user.group and groups[user.group],
            is_test=user.is_test, is_licensed=user.licensed is not None, active_from=first, active_to=last,
        )  # fmt: skip
    for name in world.paying:
        make_subscription(customers[name], "2024-01-01", None, 10, currency="XTS")
    for name, number in world.seats.items():
        make_subscription(customers[name], "2024-01-01", None, 0, seats=number)
    assert load(usage_events=events_file(world.events), usage_daily=daily_file(world.daily)).err == []


@pytest.mark.parametrize("customers", [1, 30])
def test_as_many_queries_for_thirty_customers_as_for_one(load, customers, django_assert_num_queries):
    rows = []
    for number in range(customers):
        customer = make_customer(external_id=f"c{number}", segment="Mid")
        make_end_user(customer, external_id=f"u{number}")
        make_subscription(customer, "2024-01-01", None, 100, seats=5)
        rows.append(f"{number},c{number},u{number},report,2025-01-06")
    load(usage_events="\n".join([FIXTURE_U.splitlines()[0], *rows]))
    scorecard.forget()
    with django_assert_num_queries(14):
        measure(CODES, WEEK, level="segment", subjects=["Mid"], variant="all")


def test_an_ad_hoc_population_and_a_day_at_the_beginning_of_time(fixture_u):
    other = make_customer()
    found = measure(["active_users", "active_accounts"], WEEK, customers=[other.pk])
    assert [reading.value for reading in found] == [0, 0]
    first_day = Period(date(1, 1, 1), date(1, 1, 2))
    assert {reading.reason for reading in measure(CODES, first_day, variant="all")} == {"no_data"}
    assert Customer.objects.count() == 2
