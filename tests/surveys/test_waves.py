"""Asking contacts: one wave per click, only whom one may ask, and the mail in both languages."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core import mail as mailbox
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.audit.models import AuditEntry
from accounts.models import Role
from accounts.outbox.models import OutboxMail
from accounts.outbox.services import send_due
from accounts.services import workspace
from surveys.models import Invitation, SurveyVersion, Wave
from surveys.services import current_nps_version, start_wave, withdraw_wave
from tests.factories.accounts import make_contact, make_customer, make_portal_access, make_team, make_user
from tests.factories.asking import value_of
from tests.factories.surveys import link, make_asked, make_wave, soon

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """A customer with two contacts, seen by everybody who could be."""
    team = make_team()
    owner = make_user(Role.CSM, teams=(team,), name="Ada Berg", email="ada@vendor.example")
    customer = make_customer(owner=owner, name="Nordwind")
    contacts = [make_contact(customer, name="Kim Öz", language="de"), make_contact(customer, name="Lee")]
    people = {
        "owner": owner,
        "colleague": make_user(Role.CSM, teams=(team,)),
        "stranger": make_user(Role.CSM, teams=(make_team(),)),
        "contact": make_portal_access(contacts[0]).user,
        **{role: make_user(role) for role in ("admin", "lead", "analyst", "viewer")},
    }
    return customer, contacts, people


def form(contacts, **fields):
    defaults = {"name": "NPS", "closes_on": soon().isoformat(), "key": str(uuid4())}
    return {"contacts": [str(contact.public_id) for contact in contacts], **defaults, **fields}


def ask_url(customer):
    return reverse("surveys:ask", args=[customer.public_id])


ASK = {
    "owner": 302, "admin": 302, "lead": 302, "colleague": 403, "analyst": 403, "viewer": 403, "stranger": 404,
    "contact": 404,
}  # fmt: skip


@pytest.mark.parametrize(("who", "status"), ASK.items())
def test_who_may_ask_a_customers_contacts(client, world, who, status):
    customer, contacts, people = world
    client.force_login(people[who])
    assert client.get(ask_url(customer)).status_code == (200 if status == 302 else status)
    assert client.post(ask_url(customer), form(contacts)).status_code == status
    assert Invitation.objects.count() == OutboxMail.objects.count() == (2 if status == 302 else 0)


def test_two_clicks_are_one_wave(client, world):
    customer, contacts, people = world
    client.force_login(people["owner"])
    data = form(contacts)
    first, second = client.post(ask_url(customer), data), client.post(ask_url(customer), data)
    assert first.url == second.url
    assert (Wave.objects.count(), Invitation.objects.count(), OutboxMail.objects.count()) == (1, 2, 2)
    assert list(AuditEntry.objects.values_list("verb", "actor")) == [("wave.started", people["owner"].pk)]


def test_a_key_of_somebody_elses_wave_opens_nothing(client, world):
    customer, contacts, people = world
    wave = make_wave(customer, contacts=contacts)
    with pytest.raises(ValidationError, match="used before"):
        start_wave(customer, key=wave.public_id, name="x", contacts=contacts, closes_on=soon(), by=people["lead"])
    client.force_login(people["lead"])
    assert client.post(ask_url(customer), form(contacts, key=str(wave.public_id))).status_code == 422
    assert Wave.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("contacts", []),
        ("contacts", ["not-a-uuid"]),
        ("contacts", [str(uuid4())]),
        ("closes_on", "2020-01-01"),
        ("closes_on", "2026-02-30"),
        ("closes_on", "9999-12-31"),
        ("name", ""),
        ("name", "a\nb"),
        ("name", "x" * 256),
        ("key", "1"),
    ],
)
def test_a_bad_wave_is_said_at_the_field_and_not_stored(client, world, field, value):
    customer, contacts, people = world
    client.force_login(people["owner"])
    page = client.post(ask_url(customer), {**form(contacts), field: value})
    assert (page.status_code, list(page.context["form"].errors), Wave.objects.count()) == (422, [field], 0)


def test_foreign_and_inactive_contacts_and_those_without_address_cannot_be_asked(client, world):
    customer, contacts, people = world
    others = [make_contact(), make_contact(customer, is_active=False), make_contact(customer, email="")]
    client.force_login(people["admin"])
    for other in others:
        assert client.post(ask_url(customer), form([contacts[0], other])).status_code == 422
        with pytest.raises(ValidationError):
            make_wave(customer, contacts=[contacts[0], other])
    assert Invitation.objects.count() == 0


def test_a_customer_without_contacts_says_what_to_do(client):
    customer = make_customer(owner=make_user(Role.CSM))
    client.force_login(customer.owner)
    assert "Nobody to ask yet" in client.get(ask_url(customer)).content.decode()


def test_the_mail_comes_in_the_contacts_language_as_text_and_html(world):
    customer, contacts, _people = world
    wave = make_wave(customer, contacts=contacts)
    assert (send_due(), send_due()) == (2, 0)
    by_address = {sent.to[0]: sent for sent in mailbox.outbox}
    german, english = (by_address[contact.email] for contact in contacts)
    assert german.subject == "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?"
    assert english.subject == "How likely are you to recommend us?"
    for sent, contact in ((german, contacts[0]), (english, contacts[1])):
        [(html, kind)] = sent.alternatives
        invitation = wave.invitations.get(contact=contact)
        assert (kind, sent.reply_to) == ("text/html", ["ada@vendor.example"])
        assert sent.body.count(link(invitation)) == 1
        assert all(f"{link(invitation)}?score={score}" in html for score in range(11))
        assert contact.name in sent.body
        assert contact.name in html
        assert "<mj-" not in html
        assert not re.search(r"<(?:img|script|link|iframe)\b|url\(|@import", html)
    assert "äußerst wahrscheinlich" in german.body


def test_names_with_markup_are_text_in_the_mail():
    owner = make_user(Role.CSM, name="<i>Ada</i>\r\nBcc: x@example.org")
    customer = make_customer(owner=owner)
    row = workspace()
    row.name = "{{7*191}} {0.__class__} %(x)s <b>"
    row.save()
    make_wave(customer, contacts=[make_contact(customer, name="<script>1</script>")])
    send_due()
    [sent] = mailbox.outbox
    html = sent.alternatives[0][0]
    assert "<script>" not in html
    assert "<i>" not in html
    assert sent.subject == "How likely are you to recommend {{7*191}} {0.__class__} %(x)s <b>?"
    assert sent.message().get_all("Bcc") is None


def test_asked_counts_from_the_moment_the_mail_has_gone_out(world):
    customer, contacts, _people = world
    make_wave(customer, contacts=contacts)
    today, question = datetime.now(UTC).date(), {"level": "customer", "subjects": [customer.external_id]}
    year = f"2026-01-01..{today + timedelta(days=1)}"
    assert value_of("response_rate", year, as_of=today, **question) == "(no_data)"
    send_due()
    assert set(Invitation.objects.values_list("sent_at__year", "token_generation")) == {(today.year, 0)}
    assert value_of("response_rate", year, as_of=today, **question) == "0"


def test_a_mail_for_a_withdrawn_wave_or_a_person_who_left_is_not_sent(world):
    customer, contacts, people = world
    wave = make_wave(customer, contacts=contacts[:1])
    withdraw_wave(wave, by=people["owner"])
    withdraw_wave(wave, by=people["owner"])
    make_wave(customer, contacts=contacts[1:])
    contacts[1].is_active = False
    contacts[1].save()
    assert send_due() == 0
    assert sorted(OutboxMail.objects.values_list("state", "last_error")) == [
        ("parked", "the receiver is no longer active"),
        ("parked", "the survey is withdrawn"),
    ]
    assert AuditEntry.objects.filter(verb="wave.withdrawn").count() == 1


def test_after_a_new_link_only_the_new_mail_goes_out(client, world):
    customer, contacts, people = world
    wave = make_wave(customer, contacts=contacts[:1])
    client.force_login(people["owner"])
    client.post(reverse("surveys:renew", args=[wave.invitations.get().public_id]))
    assert send_due() == 1
    assert link(wave.invitations.get()) in mailbox.outbox[0].body
    assert OutboxMail.objects.get(state="parked").last_error == "a newer link was sent"


def test_changed_texts_are_the_next_version_and_the_old_ones_stay():
    row, first = workspace(), current_nps_version()
    assert current_nps_version() == first
    row.name = "Nordwind"
    row.save()
    second = current_nps_version()
    assert (first.number, second.number, SurveyVersion.objects.count()) == (1, 2, 2)
    assert "uns" in first.content["de"]["question"]
    assert "Nordwind" in second.content["de"]["question"]


WAVE = {
    "owner": 200, "admin": 200, "lead": 200, "colleague": 200, "analyst": 200, "viewer": 200, "stranger": 404,
    "contact": 404,
}  # fmt: skip


@pytest.mark.parametrize(("who", "status"), WAVE.items())
def test_who_sees_a_wave_and_what_was_said(client, world, who, status):
    customer, contacts, people = world
    invitation = make_asked(customer=customer, contacts=contacts[:1])
    client.post(link(invitation), {"score": "3", "comment": "Canary in the mine"})
    client.force_login(people[who])
    page = client.get(reverse("surveys:wave", args=[invitation.wave.public_id]))
    assert page.status_code == status
    assert ("Canary" in page.content.decode()) == (status == 200 and who != "viewer")
    assert ("Withdraw" in page.content.decode()) == (who in {"owner", "admin", "lead"})


@pytest.mark.parametrize(("who", "status"), ASK.items())
def test_who_may_withdraw_a_wave_or_send_a_new_link(client, world, who, status):
    customer, contacts, people = world
    invitation = make_asked(customer=customer, contacts=contacts[:1])
    client.force_login(people[who])
    assert client.post(reverse("surveys:renew", args=[invitation.public_id])).status_code == status
    assert client.post(reverse("surveys:withdraw", args=[invitation.wave.public_id])).status_code == status
    invitation.refresh_from_db()
    wave = Wave.objects.get()
    assert (invitation.token_generation, wave.withdrawn_at is not None) == ((1, True) if status == 302 else (0, False))
