"""Satisfaction and effort (metrics.md, section 6) through real rows."""

import pytest

from tests.factories.accounts import make_contact
from tests.factories.asking import ask_one, value_of
from tests.factories.facts import make_response, make_survey

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
