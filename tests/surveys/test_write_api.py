"""Waves over REST: asked once, withdrawn, sent anew; answers are nowhere in it."""

import json
from datetime import date, timedelta

import pytest

from accounts.models import Role
from surveys.models import Invitation, Wave
from surveys.services import submit_answer
from tests.factories.accounts import make_contact, make_customer, make_user
from tests.factories.rest import JSON, bearer, make_token
from tests.factories.surveys import make_wave, soon, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def csm():
    return make_user(Role.CSM)


@pytest.fixture
def customer(csm):
    return make_customer(owner=csm)


@pytest.fixture
def send(client, csm):
    headers = bearer(make_token(csm))

    def post(path, **body):
        return client.post(f"/api/v1/{path}", body, content_type=JSON, headers=headers)

    return post


def asked(customer, *contacts, **fields):
    ids = [str(contact.public_id) for contact in contacts]
    return {"customer": str(customer.public_id), "name": "NPS", "contacts": ids, "closes_on": str(soon()), **fields}


def test_a_wave_asks_its_contacts(send, customer):
    people = [make_contact(customer) for _ in range(2)]
    made = send("waves/", **asked(customer, *people)).json()
    assert (made["name"], made["kind"], made["asked"], made["answered"]) == ("NPS", "nps", 2, 0)
    assert {row.contact for row in Invitation.objects.all()} == set(people)


def test_nobody_else_can_be_asked(send, csm, customer):
    own = make_contact(customer)
    elsewhere = make_contact(make_customer(owner=csm))
    foreign = make_contact(make_customer(owner=make_user(Role.CSM)))
    silent = make_contact(customer, email="")
    for body, attr in (
        (asked(customer, own, elsewhere), "contacts"),
        (asked(customer, own, foreign), "contacts.1"),
        (asked(customer, silent), "contacts"),
        (asked(customer), "contacts"),
        (asked(foreign.customer, foreign), "customer"),
        (asked(customer, own, closes_on=str(date.today())), "closes_on"),
        (asked(customer, own, name="a\r\nBcc: x"), "name"),
    ):
        answer = send("waves/", **body)
        assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, attr)
    assert Wave.objects.count() == 0


def test_a_wave_is_withdrawn_and_its_links_are_not_renewed(send, customer):
    wave = make_wave(customer)
    assert send(f"waves/{wave.public_id}/withdraw/").json()["withdrawn_at"]
    answer = send(f"invitations/{wave.invitations.get().public_id}/renew/")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "not_open")


def test_a_new_link_replaces_the_old_one(send, customer):
    invitation = make_wave(customer).invitations.get()
    old = invitation.token_hash
    answer = send(f"invitations/{invitation.public_id}/renew/")
    invitation.refresh_from_db()
    assert answer.status_code == 200
    assert invitation.token_hash != old


def test_neither_link_nor_answer_is_shown(client, send, csm, customer):
    invitation = make_wave(customer).invitations.get()
    secret = token_of(invitation)
    submit_answer(secret, score=3, comment="Too slow for us", language="en")
    headers = bearer(make_token(csm))
    pages = [client.get(f"/api/v1/{name}/", headers=headers).json() for name in ("waves", "invitations")]
    assert (pages[0]["results"][0]["answered"], pages[1]["results"][0]["answered"]) == (1, True)
    assert not any(word in json.dumps(pages) for word in (secret, invitation.token_hash, "Too slow"))


def test_invitations_are_found_by_wave(client, csm, customer):
    headers, wave = bearer(make_token(csm)), make_wave(customer)
    make_wave(customer, closes_on=date.today() + timedelta(days=9))
    found = client.get("/api/v1/invitations/", {"wave": str(wave.public_id)}, headers=headers).json()["results"]
    assert [row["wave"] for row in found] == [str(wave.public_id)]
