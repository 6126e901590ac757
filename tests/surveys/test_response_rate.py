"""Who answered of those asked (metrics.md, section 6) through real rows."""

import pytest

from tests.factories.accounts import make_contact, make_customer, make_user_group
from tests.factories.asking import ask, ask_one, value_of
from tests.factories.facts import make_invitation, make_response, make_survey, set_workspace

pytestmark = pytest.mark.django_db
MONTH = "2025-01"


def asked(survey, *, sent: int, bounced: int = 0, answered: int = 0, **fields):
    """Invitations of January, the bounced first, the answered last."""
    for number in range(sent):
        bounce = "2025-01-06" if number < bounced else None
        invitation = make_invitation(survey, "2025-01-05", bounced_at=bounce, **fields)
        if number >= sent - answered:
            make_response(survey, 9, "2025-02-10", invitation=invitation)


@pytest.fixture
def customer(db):
    return make_customer(external_id="X", segment="south")


def test_twenty_sent_two_bounced_nine_answered(customer):
    asked(make_survey(), sent=20, bounced=2, answered=9, customer=customer)
    shape = {
        "metric": "response_rate", "level": "portfolio", "subject": None,
        "period": {"start": "2025-01-01", "end": "2025-02-01"}, "unit": "ratio", "numerator": "9", "interval": None,
        "reason": None, "as_of": "2026-01-01",
    }  # fmt: skip
    assert ask("response_rate", MONTH, variant="all") == [
        {**shape, "value": "0.5", "denominator": "18", "n": 18, "variant": "delivered"},
        {**shape, "value": "0.45", "denominator": "20", "n": 20, "variant": "sent"},
    ]


def test_what_happens_after_the_as_of_day_is_not_known(customer):
    asked(make_survey(), sent=2, bounced=1, answered=1, customer=customer)
    make_invitation(make_survey(), "2025-01-31", bounced_at="2025-02-20", customer=customer)
    found = [ask_one("response_rate", MONTH, as_of=day) for day in ("2025-01-31", "2025-02-10", "2025-02-20")]
    assert [(r["numerator"], r["denominator"]) for r in found] == [("0", "2"), ("1", "2"), ("1", "1")]


def test_answers_without_score_tests_and_disqualified_ones_do_not_count(customer):
    survey = make_survey()
    for fields in ({"score": None}, {"is_test": True}, {"is_disqualified": True}, {"score": 0}):
        invitation = make_invitation(survey, "2025-01-05", customer=customer)
        make_response(survey, fields.pop("score", 9), "2025-01-06", invitation=invitation, **fields)
    make_invitation(survey, "2025-01-05", customer=customer, is_test=True)
    make_invitation(survey, None, customer=customer)
    assert value_of("response_rate", MONTH) == "0.25"


def test_nobody_asked_and_nobody_reached(customer):
    assert value_of("response_rate", MONTH) == "(no_data)"
    asked(make_survey(), sent=1, bounced=1, customer=customer)
    found = ask_one("response_rate", MONTH)
    assert (found["reason"], found["numerator"], found["denominator"], found["n"]) == ("zero_denominator", "0", "0", 0)
    assert value_of("response_rate", MONTH, variant="sent") == "0"


def test_by_segment_customer_group_and_survey(customer):
    group = make_user_group(customer, external_id="G")
    asked(make_survey("V"), sent=2, answered=1, contact=make_contact(customer, user_group=group))
    asked(make_survey("W"), sent=2, customer=customer)
    asked(make_survey("T"), sent=1, customer=make_customer(is_test=True, segment="south"))
    levels = {"segment": "south", "customer": "X", "user_group": "G", "survey": "V"}
    found = {level: value_of("response_rate", MONTH, level=level, subjects=[name]) for level, name in levels.items()}
    assert found == {"segment": "0.25", "customer": "0.25", "user_group": "0.5", "survey": "0.5"}
    assert value_of("response_rate", MONTH, level="survey", subjects=["T"]) == "(no_data)"


class TestAnAnonymousSurvey:
    @pytest.fixture
    def survey(self, customer):
        survey = make_survey("A", anonymous=True)
        asked(survey, sent=4, bounced=1, customer=customer)
        return survey

    def answer(self, survey, *days: str, **fields) -> None:
        for day in days:
            make_response(survey, 9, day, **fields)

    def test_counts_its_answers_beside_its_invitations(self, survey):
        self.answer(survey, "2024-12-31", "2025-01-06", "2025-02-06")
        assert value_of("response_rate", MONTH, as_of="2025-02-05") == "0.3333333333"
        assert value_of("response_rate", MONTH) == "0.6666666667"
        assert value_of("response_rate", MONTH, level="survey", subjects=["A"]) == "0.6666666667"

    def test_never_has_more_answers_than_it_reached(self, survey):
        self.answer(survey, *["2025-01-06"] * 9)
        assert value_of("response_rate", MONTH) == "1"

    def test_leaves_out_answers_of_test_customers(self, survey):
        self.answer(survey, "2025-01-06", customer=make_customer(is_test=True))
        assert value_of("response_rate", MONTH) == "0"

    def test_is_left_out_where_its_answers_are(self, survey, customer):
        self.answer(survey, "2025-01-06")
        assert value_of("response_rate", MONTH, level="customer", subjects=["X"]) == "(no_data)"
        assert value_of("response_rate", MONTH, level="segment", subjects=["south"]) == "(no_data)"
        assert value_of("response_rate", MONTH, customers=[customer.pk]) == "(no_data)"

    def test_is_one_from_its_first_anonymous_answer_on(self, survey):
        self.answer(survey, "2025-02-06")
        assert value_of("response_rate", MONTH, level="customer", subjects=["X"], as_of="2025-02-05") == "0"
        assert value_of("response_rate", MONTH, level="customer", subjects=["X"]) == "(no_data)"


@pytest.mark.parametrize("size", [1, 30])
def test_as_many_queries_for_thirty_subjects_as_for_one(db, size, django_assert_num_queries):
    survey = make_survey()
    for _ in range(size):
        asked(survey, sent=2, answered=1, customer=make_customer())
    set_workspace()
    with django_assert_num_queries(4):
        assert {r["value"] for r in ask("response_rate", MONTH, level="customer")} == {"0.5"}
