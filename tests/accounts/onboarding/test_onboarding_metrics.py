"""Section 9 of metrics.md through real rows."""

from datetime import date

import pytest

from tests.factories.accounts import make_customer, make_user_group
from tests.factories.asking import ask, ask_one, value_of
from tests.factories.facts import make_step, make_subscription, set_workspace

pytestmark = pytest.mark.django_db
S20, S31 = "2025-01-01..2025-01-21", "2025-01"
X = {"level": "customer", "subjects": ["X"]}
FIXTURE_S = (
    ("connect_api", 1, "2025-01-10", {"weight": 3, "is_key": True}),
    ("import_data", 2, "2025-01-15", {"weight": 2, "is_key": True}),
    ("invite_team", 3, None, {"weight": 1}),
    ("first_report", 4, "2025-01-25", {"weight": 4, "is_key": True}),
)


@pytest.fixture
def fixture_s(db):
    customer = make_customer(external_id="X", segment="south", onboarding_start=date(2025, 1, 5))
    for step, position, achieved, fields in FIXTURE_S:
        make_step(customer, step, position, achieved, **fields)
    return customer


def shape(reading):
    return [reading["value"] or reading["reason"], *(reading[key] for key in ("numerator", "denominator", "n", "unit"))]


def one(code, period, **question):
    return shape(ask_one(code, period, **{**X, **question}))


def test_fixture_s(fixture_s):
    assert one("onboarding_score", S20) == ["50", "5", "10", 4, "score"]
    assert one("onboarding_score", S31) == ["90", "9", "10", 4, "score"]
    assert one("activated", S20) == ["0", None, None, 4, "count"]
    assert one("activated", S31) == ["1", None, None, 4, "count"]
    assert one("time_to_activation", S20) == ["not_applicable", None, None, None, "days"]
    assert one("time_to_activation", S31) == ["20", None, None, 4, "days"]
    assert one("time_to_activation", S31, variant="median")[0] == "20"
    assert one("stuck_steps", S31) == ["0", None, None, 4, "count"]
    assert one("stuck_steps", "2025-02-01..2025-02-11") == ["1", None, None, 4, "count"]
    assert one("stuck_steps", "2025-02-01..2025-02-09")[0] == "0"  # 14 days are not more than 14


def test_the_portfolio_and_segments_take_those_who_start_in_the_period(fixture_s):
    early = make_customer(segment="south", onboarding_start=date(2024, 12, 31))
    make_step(early, "connect_api", 1)
    second = make_customer(segment="south")
    make_subscription(second, "2025-01-20", None, 10)
    make_step(second, "connect_api", 1, "2025-02-10", is_key=True)
    third = make_customer(onboarding_start=date(2025, 1, 31))
    make_step(third, "read_on", 1)
    for where in ({}, {"level": "segment", "subjects": ["south"]}):
        members = 2 if where else 3
        mean = {2: "45", 3: "30"}[members]
        assert one("onboarding_score", S31, **{"level": "portfolio", "subjects": None, **where}) == [
            mean, None, None, members, "score",
        ]  # fmt: skip
        assert shape(ask_one("activation_rate", S31, **where)) == ["1", "2", "2", members, "ratio"]
        assert shape(ask_one("time_to_activation", S31, **where)) == ["20.5", None, None, 2, "days"]
        known = shape(ask_one("activation_rate", S31, as_of="2025-02-09", **where))
        assert known == ["0.5", "1", "2", members, "ratio"]
        assert shape(ask_one("time_to_activation", S31, as_of="2025-02-09", **where))[:4] == ["20", None, None, 1]
    assert [shape(r) for r in ask("onboarding_score", S31, customers=[third.pk])] == [["0", None, None, 1, "score"]]


def test_without_steps_and_without_a_cohort(db):
    customer = make_customer(external_id="X", segment="south", onboarding_start=date(2025, 1, 5))
    reasons = {code: one(code, S31)[0] for code in ("onboarding_score", "activated", "time_to_activation")}
    assert reasons == dict(zip(reasons, ("no_data", "not_applicable", "not_applicable"), strict=True))
    assert one("stuck_steps", S31) == ["no_data", None, None, 0, "count"]
    for code in ("onboarding_score", "activation_rate", "time_to_activation", "stuck_steps"):
        assert shape(ask_one(code, S31))[:4] == ["no_data", None, None, 0]
    make_step(customer, "read_on", 1, "2025-01-06")
    assert shape(ask_one("activation_rate", S31))[:4] == ["zero_denominator", "0", "0", 1]
    assert shape(ask_one("time_to_activation", S31))[:4] == ["no_data", None, None, 0]
    assert one("activated", S31)[0] == "not_applicable"
    assert one("activated", S31, as_of="2025-01-20")[0] == "not_applicable"


def test_activated_before_the_start_or_without_one(db):
    customer = make_customer(external_id="X")
    make_step(customer, "connect_api", 1, "2025-01-03", is_key=True)
    assert one("time_to_activation", S31)[:4] == ["no_data", None, None, 0]
    make_subscription(customer, "2025-01-20", "2025-01-25", 10, is_trial=True)
    assert one("time_to_activation", S31)[:4] == ["0", None, None, 1]
    assert value_of("time_to_activation", "2025-01-01..2025-01-11", as_of="2025-01-10", **X) == "(no_data)"


def test_a_group_has_its_own_steps_and_the_start_of_its_company(fixture_s):
    group = make_user_group(fixture_s, external_id="G")
    make_step(fixture_s, "connect_api", 1, "2025-01-31T23:30Z", weight=10, is_key=True, user_group=group)
    of_group = {"level": "user_group", "subjects": ["G"]}
    assert one("onboarding_score", S31, **of_group) == ["0", "0", "10", 1, "score"]
    assert one("onboarding_score", S31) == ["45", "9", "20", 5, "score"]
    assert one("time_to_activation", "2025-02", **of_group)[0] == "27"
    assert one("stuck_steps", S31, **of_group) == ["1", None, None, 1, "count"]
    set_workspace(time_zone="UTC")
    assert one("onboarding_score", S31, **of_group)[0] == "100"


def test_overdue_steps_are_stuck_and_the_next_one_only_without_a_due_date(db):
    customer = make_customer(external_id="X", onboarding_start=date(2025, 1, 1))
    make_step(customer, "a", 1, due_on=date(2025, 1, 30))
    make_step(customer, "b", 2, due_on=date(2025, 1, 31))
    make_step(customer, "c", 3)
    assert one("stuck_steps", S31)[0] == "1"
    customer.onboarding_steps.filter(step="a").update(achieved_at="2025-02-01T12:00Z")
    assert one("stuck_steps", S31)[0] == "1"
    ended = make_customer(onboarding_start=date(2025, 1, 1))
    make_subscription(ended, "2024-01-01", "2025-01-31", 10)
    make_step(ended, "a", 1)
    make_step(make_customer(), "a", 1)
    assert shape(ask_one("stuck_steps", S31)) == ["1", None, None, 2, "count"]
    assert shape(ask_one("stuck_steps", "2025-01-01..2025-01-31"))[:4] == ["1", None, None, 3]


@pytest.mark.parametrize("size", [1, 30])
def test_as_many_queries_for_thirty_customers_as_for_one(db, size, django_assert_num_queries):
    for number in range(size):
        make_step(make_customer(external_id=f"C{number}"), "a", 1)
    set_workspace()
    with django_assert_num_queries(5):
        assert len(ask("stuck_steps", S31, level="customer")) == size
