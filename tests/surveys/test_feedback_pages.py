"""What other pages show of the answers: to whom, in how many queries, and as a file without formulas."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from accounts.outbox.services import send_due
from cs_portal.metrics.base import Period
from kvi.scorecard import forget
from surveys.queries import (
    customer_feedback,
    feedback_lists,
    invitation_rows,
    portal_items,
    waves_for,
)
from surveys.services import submit_answer
from tests.factories.accounts import make_contact, make_customer, make_portal_access, make_team, make_user
from tests.factories.facts import make_response, make_survey
from tests.factories.surveys import link, make_asked, make_wave, token_of

pytestmark = pytest.mark.django_db
ALWAYS = Period.parse("2000-01-01..2099-01-01")


def answered(score=3, comment="Canary", **fields):
    invitation = make_asked(**fields)
    return submit_answer(token_of(invitation), score=score, comment=comment, language="en")


@pytest.fixture
def world():
    team = make_team()
    owner = make_user(Role.CSM, teams=(team,))
    people = {
        "owner": owner,
        "colleague": make_user(Role.CSM, teams=(team,)),
        "stranger": make_user(Role.CSM, teams=(make_team(),)),
        **{role: make_user(role) for role in ("admin", "lead", "analyst", "viewer")},
    }
    return make_customer(owner=owner, name="Nordwind"), people


READERS = {
    "owner": True, "colleague": True, "admin": True, "lead": True, "analyst": True, "viewer": False, "stranger": False,
}  # fmt: skip


@pytest.mark.parametrize(("who", "reads"), READERS.items())
def test_who_reads_what_a_person_said(client, world, who, reads):
    customer, people = world
    answered(customer=customer)
    user = people[who]
    client.force_login(user)
    pages = [client.get(customer.get_absolute_url()), client.get(reverse("dashboards:feedback"))]
    assert ["Canary" in page.content.decode() for page in pages] == [reads, reads]
    assert [page.status_code for page in pages] == [404 if who == "stranger" else 200, 200]
    assert bool(customer_feedback(customer, user)["feedback"].answers) == reads
    assert bool(feedback_lists(user, ALWAYS)["feedback"].answers) == reads
    file = client.get(reverse("surveys:responses_csv"))
    assert (file.status_code, b"Canary" in file.content) == (403 if who == "viewer" else 200, reads)


def test_without_a_reader_nothing_personal_is_given(world):
    customer, _people = world
    answered(customer=customer)
    feedback = customer_feedback(customer)["feedback"]
    assert (feedback.readable, feedback.answers, feedback.open_invitations, feedback.ask_url) == (False, [], [], "")


def test_a_customers_page_shows_the_latest_answers_and_all_of_them_on_request(client, world):
    customer, people = world
    survey = make_survey()
    for day in range(1, 9):
        make_response(survey, 9, f"2026-01-0{day}", contact=make_contact(customer), comment=f"Canary {day}")
    client.force_login(people["owner"])
    first, everything = (client.get(customer.get_absolute_url(), query) for query in ({}, {"all": "1"}))
    assert [first.content.decode().count("Canary"), everything.content.decode().count("Canary")] == [5, 8]
    assert "3 " in first.content.decode()
    assert (first.context["feedback"].more, everything.context["feedback"].more) == (3, 0)


def test_anonymous_test_and_disqualified_answers_are_never_listed(world):
    customer, people = world
    survey, hidden = make_survey(), make_survey(anonymous=True)
    make_response(survey, 5, "2026-01-05", customer=customer, is_test=True)
    make_response(survey, 5, "2026-01-05", customer=customer, is_disqualified=True)
    make_response(survey, None, "2026-01-05", customer=customer)
    make_response(hidden, 5, "2026-01-05", customer=customer, comment="Canary")
    shown = make_response(survey, 9, "2026-01-05", contact=make_contact(customer))
    answers = customer_feedback(customer, people["admin"])["feedback"].answers
    assert [(one.response, one.customer, one.group) for one in answers] == [(shown, customer, "promoter")]


def test_a_contact_finds_their_own_open_survey_in_the_portal(client, world):
    customer, _people = world
    access = make_portal_access(make_contact(customer))
    other = make_portal_access(make_contact(customer))
    invitation = make_asked(customer=customer, contacts=[access.contact])
    assert portal_items(access) == []
    send_due()
    [item] = portal_items(access)
    assert (item.url, item.kind, portal_items(other)) == (link(invitation), "survey_waiting", [])
    assert client.post(item.url, {"score": "8"}).status_code == 302
    assert portal_items(access) == []


def test_the_file_holds_nothing_that_a_spreadsheet_would_run(client, world):
    customer, people = world
    customer.name = "=HYPERLINK(1)"
    customer.save()
    answered(0, '=cmd|" /C calc"!A0\nsecond line', customer=customer, contacts=[make_contact(customer, name="+1")])
    client.force_login(people["lead"])
    file = client.get(reverse("surveys:responses_csv"), {"customer": str(customer.public_id)})
    assert file.headers["Content-Disposition"] == 'attachment; filename="responses.csv"'
    [row] = csv.DictReader(io.StringIO(file.content.decode(), newline=""))
    assert (row["Customer"], row["Contact"], row["Score"]) == ("'=HYPERLINK(1)", "'+1", "0")
    assert row["Comment"] == '\'=cmd|" /C calc"!A0\nsecond line'


@pytest.mark.parametrize("customer", ["x", "00000000-0000-0000-0000-000000000000"])
def test_the_file_of_no_customer_is_not_found(client, world, customer):
    client.force_login(world[1]["lead"])
    assert client.get(reverse("surveys:responses_csv"), {"customer": customer}).status_code == 404


def queries_of(function):
    forget()
    with CaptureQueriesContext(connection) as queries:
        function()
    return len(queries)


def test_lists_ask_the_database_as_often_for_one_row_as_for_thirty(client, world):
    customer, people = world
    owner = people["owner"]
    access = make_portal_access(make_contact(customer))
    first = make_wave(customer, contacts=[access.contact])
    answered(customer=customer)
    send_due()
    client.force_login(owner)

    def counts(wave):
        pages = (
            customer.get_absolute_url(),
            reverse("dashboards:feedback"),
            reverse("surveys:ask", args=[customer.public_id]),
            reverse("surveys:wave", args=[wave.public_id]),
            reverse("surveys:responses_csv"),
            reverse("surveys:responses"),
        )
        return [
            *(queries_of(lambda url=url: client.get(url)) for url in pages),
            queries_of(lambda: portal_items(access)),
            queries_of(lambda: list(waves_for(owner))),
            queries_of(lambda: invitation_rows(wave, owner)),
        ]

    counts(first)
    one = counts(first)
    contacts = [make_contact(customer) for _number in range(30)]
    big = make_wave(customer, contacts=contacts)
    for invitation in big.invitations.select_related("contact")[:15]:
        submit_answer(token_of(invitation), score=2, comment="x", language="de")
    for _number in range(30):
        answered(customer=customer)
        make_wave(customer, contacts=[access.contact])
    send_due()
    assert counts(big) == one
