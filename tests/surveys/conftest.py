"""Fixture N of metrics.md 6, answered in January 2025."""

from types import SimpleNamespace

import pytest

from tests.factories.accounts import make_contact, make_customer
from tests.factories.facts import make_response, make_subscription, make_survey


@pytest.fixture
def fixture_n(db) -> SimpleNamespace:
    survey = make_survey("N")
    customers = {name: make_customer(external_id=name, segment="south") for name in "XYZ"}
    for name, mrr in {"X": 1000, "Y": 500, "Z": 500}.items():
        make_subscription(customers[name], "2024-01-01", None, mrr)
    contacts = {
        name: make_contact(customers[customer], external_id=name)
        for name, customer in {"c1": "X", "c2": "X", "c3": "X", "c4": "Y", "c5": "Z"}.items()
    }
    for name, score, day in [("c1", 6, "2025-01-02"), ("c1", 9, "2025-01-20"), ("c2", 10, "2025-01-03"),
                             ("c3", 0, "2025-01-04"), ("c4", 7, "2025-01-05"), ("c5", 10, "2025-01-31")]:  # fmt: skip
        make_response(survey, score, day, contact=contacts[name])
    make_response(survey, 0, "2025-01-10", contact=contacts["c4"], is_test=True)
    make_response(survey, 10, "2025-01-10", contact=contacts["c3"], is_disqualified=True)
    return SimpleNamespace(survey=survey, customers=customers, contacts=contacts)


@pytest.fixture
def answers(db):
    """Store that many NPS answers per score, each from nobody in particular."""

    def store(survey, day: str, *, times: dict[int, int], **fields) -> None:
        for score, number in times.items():
            for _ in range(number):
                make_response(survey, score, day, **fields)

    return store
