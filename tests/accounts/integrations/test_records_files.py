"""churn_records.csv, costs.csv, tickets.csv and onboarding_steps.csv, each row of the contract's rules."""

import pytest

from accounts.onboarding.models import OnboardingStep
from tests.factories.accounts import make_contact, make_customer, make_user_group

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _known(db):
    customer = make_customer(external_id="C1")
    make_user_group(customer, external_id="G1")
    other = make_customer(external_id="C2")
    make_user_group(other, external_id="G2")
    make_contact(other, external_id="P2")


def test_churn_records(judge):
    judge("churn_records", "external_id,customer,date,reason,comment", [
        ("a,C1,2026-01-01,price,gone", ""),
        ("b,C1,2026-01-01,,", ""),
        ("c,C1,2026-01-01,weather,", 'reason:bad_value: "weather"'),
        ("d,,2026-01-01,,", 'customer:missing_value: ""'),
        ("e,C9,2026-01-01,,", 'customer:unknown_reference: "C9"'),
    ])  # fmt: skip


def test_costs(judge):
    judge("costs", "external_id,date,category,amount,currency,customer", [
        ("a,2026-01-01,acquisition,100,EUR,", ""),
        ("b,2026-01-01,serving,100,EUR,C1", ""),
        ("c,2026-01-01,gifts,100,EUR,", 'category:bad_value: "gifts"'),
        ("d,2026-01-01,serving,-1,EUR,", 'amount:out_of_range: "-1"'),
        ("e,2026-01-01,serving,1,EURO,", 'currency:bad_value: "EURO"'),
    ])  # fmt: skip


def test_tickets(judge):
    judge("tickets", "external_id,customer,contact,opened_at,first_closed_at,reopened_at,closed_at,resolved", [
        ("a,C1,,2026-01-01,2026-01-02,2026-01-03,2026-01-04,1", ""),
        ("b,C1,,2026-01-01,,,,", ""),
        ("c,C1,P2,2026-01-01,,,,", 'contact:conflict: "P2"'),
        ("d,C1,,2026-01-02,2026-01-01,,,", 'first_closed_at:conflict: "2026-01-01"'),
        ("e,C1,,2026-01-01,2026-01-03,2026-01-02,,", 'reopened_at:conflict: "2026-01-02"'),
        ("f,C1,,2026-01-05,,,2026-01-04,", 'closed_at:conflict: "2026-01-04"'),
        ("g,C1,,2026-01-01,,2026-01-02,,", 'first_closed_at:missing_value: ""'),
    ])  # fmt: skip


def test_onboarding_steps(judge):
    judge("onboarding_steps", "external_id,customer,user_group,step,position,weight", [
        ("a,C1,,one,1,", ""),
        ("b,C1,G1,one,1,2", ""),
        ("c,C1,,one,2,", 'step:conflict: "one"'),
        ("d,C1,,two,1,", 'position:conflict: "1"'),
        ("e,C1,G2,two,2,", 'user_group:conflict: "G2"'),
        ("f,C1,,three,3,0", 'weight:out_of_range: "0"'),
        ("g,C1,,four,-1,", 'position:out_of_range: "-1"'),
    ])  # fmt: skip


def test_steps_change_places_in_one_file(load):
    head = "external_id,customer,step,position\n"
    load(onboarding_steps=head + "a,C1,one,1\nb,C1,two,2\n")
    swapped = load(onboarding_steps=head + "a,C1,one,2\nb,C1,two,1\n")
    assert swapped == (["onboarding_steps.csv created=0 updated=2 unchanged=0 rejected=0"], [], 0)
    assert list(OnboardingStep.objects.order_by("position").values_list("step", flat=True)) == ["two", "one"]
    taken = load(onboarding_steps=head + "c,C1,three,1\n")
    assert taken.err == ['onboarding_steps.csv:2:position:conflict: "1"']


def test_a_row_that_was_archived_here_stays_archived(load):
    head = "external_id,customer,step,position\n"
    load(onboarding_steps=head + "a,C1,one,1\n")
    OnboardingStep.objects.update(archived_at="2026-01-01T00:00:00Z")
    again = load(onboarding_steps=head + "a,C1,one,1\n")
    assert again.out == ["onboarding_steps.csv created=0 updated=0 unchanged=1 rejected=0"]
    assert OnboardingStep.objects.count() == 0
