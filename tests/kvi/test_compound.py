"""Upsell potential reads seats, health, goals and answers of those who pay."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cs_portal.metrics.potential import REASONS
from kvi.scorecard import forget
from tests.factories.accounts import make_contact, make_customer
from tests.factories.asking import ask
from tests.factories.facts import (
    make_goal,
    make_indicator,
    make_measurement,
    make_response,
    make_subscription,
    make_survey,
)

pytestmark = pytest.mark.django_db
ASKED = ("", *REASONS)


def company(number, survey, *, pays=True, score=10, reached="8"):
    customer = make_customer(external_id=f"C{number}", segment="smb")
    make_subscription(customer, "2024-06-01", None if pays else "2025-01-10", 100)
    make_response(survey, score, "2024-12-20", contact=make_contact(customer))
    indicator = make_indicator(make_goal(customer, "2024-06-01"), direction="increase", baseline="4", target="8")
    make_measurement(indicator, "2025-01-20", reached, status="confirmed")
    return customer


def answers(level, **question):
    found = ask("upsell_potential", "2025-01", level=level, as_of="2025-02-28", **question)
    return {(one["subject"], one["metric"].partition(":")[2]): (one["value"], one["n"]) for one in found}


def test_reasons_of_each_payer_and_how_many_customers_have_any():
    survey = make_survey("S", "nps")
    company(1, survey)
    company(2, survey, score=3, reached="6")
    company(3, survey, pays=False)
    make_customer(external_id="C4", segment="smb")
    customers = answers("customer")
    assert {key: value for key, value in customers.items() if value != ("0", 1)} == {
        ("C1", ""): ("2", 1), ("C1", "goal_reached"): ("1", 1), ("C1", "promoter"): ("1", 1),
        **{("C3", name): ("0", 0) for name in ASKED},
        **{("C4", name): (None, 0) for name in ASKED},
    }  # fmt: skip
    assert answers("portfolio") == {
        (None, ""): ("1", 2), (None, "seats_nearly_full"): ("0", 2), (None, "outstanding_health"): ("0", 2),
        (None, "goal_reached"): ("1", 2), (None, "promoter"): ("1", 2),
    }  # fmt: skip


def test_as_many_queries_for_thirty_customers_as_for_one():
    survey, counts = make_survey("S", "nps"), []
    answers("customer")
    for numbers in (range(1), range(1, 30)):
        for number in numbers:
            company(number, survey)
        forget()
        with CaptureQueriesContext(connection) as queries:
            answers("customer")
        counts.append(len(queries))
    assert counts[0] == counts[1]
