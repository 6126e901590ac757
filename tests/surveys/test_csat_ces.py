"""Satisfaction and effort (metrics.md, section 6) through real rows."""

import pytest

from kvi.scorecard import MetricRequestError
from tests.factories.accounts import make_contact, make_customer
from tests.factories.asking import ask, ask_one, value_of
from tests.factories.facts import make_invitation, make_response, make_survey, set_workspace

pytestmark = pytest.mark.django_db
MONTH = "2025-01"


def store(survey, *scores: int) -> None:
    for score in scores:
        make_response(survey, score, "2025-01-05")


def test_csat_of_ten_answers(db):
    store(make_survey(kind="csat"), 5, 5, 4, 4, 4, 3, 2, 5, 1, 4)
    assert ask_one("csat", MONTH) == {
        "metric": "csat", "level": "portfolio", "subject": None,
        "period": {"start": "2025-01-01", "end": "2025-02-01"}, "value": "0.7", "unit": "ratio", "numerator": "7",
        "denominator": "10", "n": 10, "interval": ["0.3967781475", "0.8922087326"], "reason": None,
        "variant": "respondent", "as_of": "2026-01-01",
    }  # fmt: skip
    assert (value_of("csat_mean", MONTH), ask_one("csat_mean", MONTH)["numerator"]) == ("3.7", "37")


def test_ces_of_four_answers(db):
    store(make_survey(kind="ces"), 5, 4, 3, 2)
    assert ask_one("ces", MONTH)["interval"] == ["0.1500389892", "0.8499610108"]
    assert (value_of("ces", MONTH), value_of("ces_mean", MONTH), value_of("csat", MONTH)) == ("0.5", "3.5", "(no_data)")


@pytest.mark.parametrize(
    ("kind", "top", "high"),
    [("csat", 5, 4), ("csat", 7, 6), ("csat", 10, 8), ("ces", 5, 4), ("ces", 7, 5), ("ces", 10, 7)],
)
def test_where_high_starts_by_scale(db, kind, top, high):
    store(make_survey(kind=kind, scale_max=top), high - 1, high)
    assert value_of(kind, MONTH) == "0.5"


def test_a_reversed_scale_is_turned_before_everything_else(db):
    store(make_survey(kind="ces", reversed=True), 1, 1, 5)
    assert (value_of("ces", MONTH), value_of("ces_mean", MONTH)) == ("0.6666666667", "3.6666666667")


def test_a_declared_threshold_wins(db):
    store(make_survey(kind="csat", high_from=3), 3, 2)
    assert value_of("csat", MONTH) == "0.5"


def test_different_scales_have_a_share_but_no_mean(db):
    store(make_survey(kind="csat"), 5)
    seven = make_survey("V7", kind="csat", scale_max=7)
    store(seven, 5)
    assert (value_of("csat", MONTH), value_of("csat_mean", MONTH)) == ("0.5", "(not_applicable)")
    assert value_of("csat_mean", MONTH, level="survey", subjects=["V7"]) == "5"


def test_scales_are_compared_after_only_the_latest_answer_of_a_contact_is_left(db):
    contact, five, seven = make_contact(), make_survey(kind="csat"), make_survey(kind="csat", scale_max=7)
    make_response(five, 5, "2025-01-05", contact=contact)
    make_response(seven, 5, "2025-01-06", contact=contact)
    assert value_of("csat_mean", MONTH) == "5"
    assert value_of("csat_mean", MONTH, variant="all_answers") == "(not_applicable)"


def test_different_scales_are_said_before_too_few_answers(db):
    contact = make_contact(make_customer(segment="south"))
    make_response(make_survey(kind="csat"), 5, "2025-01-05", contact=contact)
    make_response(make_survey(kind="csat", scale_max=7), 5, "2025-01-05", contact=contact)
    south = {"level": "segment", "subjects": ["south"]}
    assert value_of("csat_mean", MONTH, **south, variant="all_answers") == "(not_applicable)"
    assert value_of("csat_mean", MONTH, **south) == "(below_minimum_n)"
    assert value_of("csat", MONTH, **south, variant="all_answers") == "(below_minimum_n)"


class TestTheArticlesShareOfThoseSurveyed:
    """Variant seed_literal_surveyed."""

    @pytest.fixture
    def surveyed(self, db):
        """Sixteen asked, ten answered, seven of them high; one answer only after the period."""
        customer = make_customer(external_id="X", segment="south")
        survey = make_survey("V", kind="csat")
        invitations = [make_invitation(survey, "2025-01-05", customer=customer) for _ in range(16)]
        days = ["2025-01-06"] * 9 + ["2025-02-10"]
        for invitation, score, day in zip(invitations, (4, 4, 4, 5, 5, 5, 3, 2, 1, 5), days, strict=False):
            make_response(survey, score, day, invitation=invitation)
        return invitations

    def read(self, **question):
        reading = ask_one("csat", MONTH, variant="seed_literal_surveyed", **question)
        return reading["value"], reading["numerator"], reading["denominator"], reading["n"], reading["reason"]

    def test_counts_all_that_were_sent(self, surveyed):
        for where in ({}, {"level": "customer"}, {"level": "segment"}, {"level": "survey"}):
            assert self.read(**where) == ("0.4375", "7", "16", 10, None)
        assert ask_one("csat", MONTH, variant="seed_literal_surveyed")["interval"] is None

    def test_knows_answers_up_to_as_of(self, surveyed):
        assert self.read(as_of="2025-01-31") == ("0.375", "6", "16", 9, None)

    def test_is_nothing_of_nobody_and_0_of_the_silent(self, db):
        assert self.read() == (None, "0", "0", 0, "zero_denominator")
        make_invitation(make_survey(kind="csat"), "2025-01-05", customer=make_customer(segment="south"))
        assert self.read(level="segment") == ("0", "0", "1", 0, None)

    def test_shows_no_few_answers_of_a_segment(self, surveyed):
        for invitation in surveyed[:6]:
            invitation.responses.update(is_test=True)
        assert self.read(level="segment") == (None, None, None, None, "below_minimum_n")
        assert self.read()[:3] == ("0.0625", "1", "16")

    def test_keeps_the_invitations_of_an_anonymous_survey(self, surveyed):
        secret = make_survey(kind="csat", anonymous=True)
        make_response(secret, 5, "2025-01-05")
        make_invitation(secret, "2025-01-05", customer=surveyed[0].customer)
        assert self.read(level="customer")[:3] == ("0.4117647059", "7", "17")

    def test_is_no_variant_of_the_mean(self, surveyed):
        with pytest.raises(MetricRequestError, match="variants"):
            ask_one("csat_mean", MONTH, variant="seed_literal_surveyed")


@pytest.mark.parametrize("size", [1, 30])
def test_as_many_queries_for_thirty_subjects_as_for_one(db, size, django_assert_num_queries):
    survey = make_survey(kind="csat")
    for _ in range(size):
        invitation = make_invitation(survey, "2025-01-05", customer=make_customer())
        make_response(survey, 5, "2025-01-06", invitation=invitation)
    set_workspace()
    with django_assert_num_queries(5):
        assert len(ask("csat", MONTH, level="customer", variant="all")) == 3 * size
