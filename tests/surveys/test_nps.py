"""NPS and what is made of it (metrics.md, section 6) through real rows."""

import pytest

from tests.factories.accounts import make_contact, make_customer, make_user_group
from tests.factories.asking import ask, ask_one, value_of
from tests.factories.facts import (
    make_invitation,
    make_rate,
    make_response,
    make_subscription,
    make_survey,
    set_workspace,
)

pytestmark = pytest.mark.django_db
MONTH = "2025-01"
SEED = {10: 50, 7: 50, 3: 20}


def reading(value: str | None, n: int | None, **other: object) -> dict[str, object]:
    return {
        "metric": "nps", "level": "portfolio", "subject": None,
        "period": {"start": "2025-01-01", "end": "2025-02-01"}, "value": value, "unit": "percent-points",
        "numerator": None, "denominator": None, "n": n, "interval": None, "reason": None, "variant": "respondent",
        "as_of": "2026-01-01", **other,
    }  # fmt: skip


def test_fixture_n_in_all_variants(fixture_n):
    assert ask("nps", MONTH, variant="all") == [
        reading("40", 5, numerator="2", denominator="5", interval=["-29.782658786", "79.782658786"]),
        reading("16.6666666667", 6, numerator="1", denominator="6", variant="all_answers",
                interval=ask_one("nps", MONTH, variant="all_answers")["interval"]),
        reading("44.4444444444", 3, variant="account"),
        reading("41.6666666667", 3, numerator="83333.3333333333", denominator="2000", variant="revenue"),
    ]  # fmt: skip


def test_shares_and_counts_of_fixture_n(fixture_n):
    shares = [(r["metric"], r["value"], r["numerator"], r["n"]) for r in ask("nps_share", MONTH)]
    assert shares == [
        ("nps_share:promoter", "0.6", "3", 5),
        ("nps_share:passive", "0.2", "1", 5),
        ("nps_share:detractor", "0.2", "1", 5),
    ]
    assert [(r["metric"], r["value"], r["reason"]) for r in ask("survey_answers", MONTH)] == [
        ("survey_answers:nps", "5", None),
        ("survey_answers:csat", None, "no_data"),
        ("survey_answers:ces", None, "no_data"),
    ]
    assert value_of("survey_answers:nps", MONTH, variant="all_answers") == "6"


def test_share_of_the_promoters_of_fifty_fifty_twenty(answers):
    answers(make_survey(), "2025-01-05", times=SEED)
    assert value_of("nps_share:promoter", MONTH) == "0.4166666667"
    assert ask_one("nps", MONTH)["interval"] == ["11.6243056812", "37.1561821236"]


@pytest.mark.parametrize(
    ("before", "after", "change", "interval", "z"),
    [
        (SEED, {10: 70, 8: 35, 0: 15}, "20.8333333333", ["2.4322378635", "38.2181686405"], "2.2263870458"),
        ({9: 5, 8: 5, 6: 2}, {9: 7, 8: 4, 6: 1}, "25", None, "0.7745966692"),
    ],
)
def test_change_since_the_previous_period(answers, before, after, change, interval, z):
    survey = make_survey()
    answers(survey, "2025-01-05", times=before)
    answers(survey, "2025-02-05", times=after)
    found = ask_one("nps_change", "2025-02")
    expected = (change, sum(after.values()), None, "default")
    assert (found["value"], found["n"], found["numerator"], found["variant"]) == expected
    assert interval is None or found["interval"] == interval
    assert value_of("nps_change_z", "2025-02") == z


def test_a_change_takes_the_reason_of_its_first_missing_side(answers):
    survey = make_survey()
    answers(survey, "2025-02-05", times={9: 5})
    assert ask_one("nps_change", "2025-02")["reason"] == "no_data"
    assert (ask_one("nps_change_z", "2025-03")["reason"], ask_one("nps_change_z", "2025-03")["n"]) == ("no_data", 0)
    set_workspace(min_n=5)
    customer = make_customer(external_id="X", segment="south")
    answers(survey, "2025-01-05", times={9: 2}, customer=customer)
    answers(survey, "2025-02-06", times={9: 5}, customer=customer)
    found = ask_one("nps_change", "2025-02", level="segment", subjects=["south"])
    assert (found["reason"], found["n"]) == ("below_minimum_n", None)


def test_the_interval_is_cut_to_the_scale(answers):
    answers(make_survey(), "2025-01-05", times={10: 1})
    assert ask_one("nps", MONTH)["interval"] == ["-48.4986494203", "98.4986494203"]


def test_equal_times_are_decided_by_the_greatest_id_in_code_point_order(db):
    contact, survey = make_contact(), make_survey()
    for external_id, score in {"a": 10, "Z": 0, "é": 7, "z": 0}.items():
        make_response(survey, score, "2025-01-05T12:00:00+00:00", contact=contact, external_id=external_id)
    assert value_of("nps", MONTH) == "0"  # é comes after z


def test_the_latest_answer_is_that_of_the_pool(fixture_n):
    second = make_survey("other")
    make_response(second, 0, "2025-01-25", contact=fixture_n.contacts["c1"])
    make_response(second, 10, "2025-02-25", contact=fixture_n.contacts["c1"])
    assert value_of("nps", MONTH) == "0"
    assert value_of("nps", MONTH, level="survey", subjects=["N"]) == "40"
    assert value_of("nps", MONTH, level="survey", subjects=["other"]) == "-100"


def test_an_answer_takes_contact_and_customer_from_its_invitation(db):
    survey, contact = make_survey(), make_contact(make_customer(external_id="X"))
    for external_id, score in {"r1": 0, "r2": 10}.items():
        invitation = make_invitation(survey, "2025-01-01", contact=contact, external_id=f"i-{external_id}")
        make_response(survey, score, f"2025-01-0{external_id[1]}", invitation=invitation)
    assert value_of("nps", MONTH, level="customer", subjects=["X"]) == "100"
    bare = make_invitation(survey, "2025-01-01", customer=make_customer(external_id="Y"))
    make_response(survey, 0, "2025-01-05", invitation=bare)
    assert value_of("nps", MONTH, level="customer", subjects=["Y"]) == "-100"


def test_answers_of_nobody_count_at_portfolio_and_survey_only(answers):
    answers(make_survey("V"), "2025-01-05", times={10: 5})
    assert value_of("nps", MONTH) == "100"
    assert value_of("nps", MONTH, level="survey", subjects=["V"]) == "100"
    assert value_of("nps", MONTH, variant="account") == "(no_data)"
    assert value_of("nps", MONTH, customers=[make_customer().pk]) == "(no_data)"


def test_a_day_is_a_day_in_the_workspaces_zone(answers):
    survey = make_survey()
    answers(survey, "2025-01-31T22:59:59+00:00", times={10: 1})
    answers(survey, "2025-01-31T23:00:00+00:00", times={0: 1})
    assert (value_of("nps", MONTH), value_of("nps", "2025-02")) == ("100", "-100")
    set_workspace(time_zone="UTC")
    assert value_of("nps", MONTH) == "0"


def test_answers_of_test_customers_count_only_at_the_customer_and_its_group(db):
    customer = make_customer(external_id="T", is_test=True, segment="south")
    group = make_user_group(customer, external_id="TG")
    survey = make_survey("V")
    for _ in range(5):
        make_response(survey, 10, "2025-01-05", contact=make_contact(customer, user_group=group))
    found = {
        level: value_of("nps", MONTH, level=level, subjects=subjects)
        for level, subjects in {
            "portfolio": None, "segment": ["south"], "survey": ["V"], "customer": ["T"], "user_group": ["TG"],
        }.items()
    }  # fmt: skip
    refused = dict.fromkeys(("portfolio", "segment", "survey"), "(no_data)")
    assert found == {**refused, "customer": "100", "user_group": "100"}


def test_few_answers_are_not_shown_for_segments_groups_and_filters(answers):
    customer = make_customer(external_id="X", segment="south")
    group = make_user_group(customer, external_id="G")
    survey = make_survey()
    for _ in range(4):
        make_response(survey, 10, "2025-01-05", contact=make_contact(customer, user_group=group))
    few = [("segment", ["south"]), ("user_group", ["G"])]
    assert {value_of("nps", MONTH, level=level, subjects=subjects) for level, subjects in few} == {"(below_minimum_n)"}
    assert value_of("nps", MONTH, customers=[customer.pk]) == "(below_minimum_n)"
    assert ask_one("nps", MONTH, customers=[customer.pk]) == reading(None, None, reason="below_minimum_n")
    assert value_of("nps", MONTH, level="customer", subjects=["X"]) == "100"
    answers(survey, "2025-01-05", times={10: 1}, contact=make_contact(customer, user_group=group))
    assert {value_of("nps", MONTH, level=level, subjects=subjects) for level, subjects in few} == {"100"}
    assert value_of("nps", MONTH, level="segment", subjects=["north"]) == "(no_data)"


class TestAnonymousAnswers:
    def test_enter_as_whole_months_from_the_minimum_on(self, answers):
        survey = make_survey("A", anonymous=True)
        answers(survey, "2025-01-10", times={10: 4})
        assert value_of("nps", MONTH) == "(below_minimum_n)"
        answers(survey, "2025-01-31", times={0: 1})
        assert value_of("nps", MONTH) == "60"
        assert value_of("nps", "2025-01-01..2025-02-15") == "60"
        assert value_of("nps", "2025-01-02..2025-02-02") == "(below_minimum_n)"
        assert value_of("nps", "2025-01-01..2025-01-31") == "(below_minimum_n)"
        assert value_of("nps", MONTH, level="survey", subjects=["A"]) == "60"
        set_workspace(anonymous_min_n=6)
        assert value_of("nps", MONTH) == "(below_minimum_n)"

    def test_of_two_surveys_are_two_blocks(self, answers):
        for name in ("A", "B"):
            answers(make_survey(name, anonymous=True), "2025-01-10", times={10: 3})
        assert value_of("nps", MONTH) == "(below_minimum_n)"

    def test_of_a_customer_count_at_no_customer_segment_or_filter(self, answers):
        customer = make_customer(external_id="X", segment="south")
        make_subscription(customer, "2024-01-01", None, 10)
        answers(make_survey("A", anonymous=True), "2025-01-10", times={10: 9}, customer=customer)
        assert value_of("nps", MONTH, level="customer", subjects=["X"]) == "(below_minimum_n)"
        assert value_of("nps", MONTH, level="segment", subjects=["south"]) == "(below_minimum_n)"
        assert value_of("nps", MONTH, customers=[customer.pk]) == "(no_data)"
        assert value_of("nps", MONTH) == "100"
        assert value_of("nps", MONTH, variant="account") == "(no_data)"
        assert value_of("nps", MONTH, variant="revenue") == "(no_data)"

    def test_of_test_customers_fill_no_block(self, answers):
        survey = make_survey("A", anonymous=True)
        answers(survey, "2025-01-10", times={10: 3})
        answers(survey, "2025-01-10", times={10: 3}, customer=make_customer(is_test=True))
        assert value_of("nps", MONTH) == "(below_minimum_n)"

    def test_beside_named_ones_leave_quietly(self, answers, fixture_n):
        answers(make_survey("A", anonymous=True), "2025-01-10", times={0: 4})
        assert value_of("nps", MONTH) == "40"


class TestRevenueVariant:
    def test_leaves_customers_out_that_do_not_pay(self, fixture_n):
        fixture_n.customers["X"].subscriptions.update(end_date="2025-01-31")
        assert ask_one("nps", MONTH, variant="revenue")["denominator"] == "1000"
        assert value_of("nps", MONTH, variant="revenue") == "50"

    def test_without_a_payer_has_no_data(self, fixture_n):
        for customer in fixture_n.customers.values():
            customer.subscriptions.update(mrr=0)
        assert value_of("nps", MONTH, variant="revenue") == "(no_data)"

    def test_needs_rates_only_of_those_that_answered(self, fixture_n):
        make_subscription(make_customer(), "2024-01-01", None, 5, currency="GBP")
        assert value_of("nps", MONTH, variant="revenue") == "41.6666666667"
        fixture_n.customers["X"].subscriptions.update(currency="USD")
        assert value_of("nps", MONTH, variant="revenue") == "(mixed_currency)"
        make_rate("USD", "2025-01-01", "0.5")
        assert value_of("nps", MONTH, variant="revenue") == "44.4444444444"


@pytest.mark.parametrize("size", [1, 30])
def test_as_many_queries_for_thirty_subjects_as_for_one(size, django_assert_num_queries, answers):
    survey = make_survey()
    for _ in range(size):
        answers(survey, "2025-01-05", times={10: 2}, contact=make_contact())
    set_workspace()
    with django_assert_num_queries(5):
        assert len(ask("nps_change", MONTH, level="customer")) == size


def test_an_open_period_is_incomplete(fixture_n):
    assert ask_one("nps", MONTH, as_of="2025-01-30") == reading(
        None, None, reason="incomplete_period", as_of="2025-01-30"
    )
