"""Who does not want to be written to, or cannot be, is not: whatever wave names them, and only by their own link."""

import base64
import json
import re

import pytest
from django.core import mail as sent
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Role
from accounts.notifications.models import Notification
from accounts.notifications.queries import unsubscribe_path as digest_path
from accounts.outbox.models import OutboxMail, SuppressedAddress
from accounts.outbox.services import queue_mail, send_due
from accounts.outbox.suppression import is_suppressed, suppress, unsuppress
from surveys.queries import askable_contacts, unsubscribe_path
from tests.factories.accounts import make_contact, make_customer, make_portal_access, make_user
from tests.factories.surveys import make_asked, make_wave

pytestmark = pytest.mark.django_db
HOOK = "/hooks/mail/"


@pytest.fixture
def contact():
    return make_contact(make_customer(owner=make_user(Role.CSM)), email="Kim@customer.example")


def one_click(message):
    url = re.fullmatch(r"<https?://[^/]+(/.+)>", message.extra_headers["List-Unsubscribe"])[1]
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return url


def test_a_survey_mail_can_be_ended_by_one_click(client, contact):
    """promises.md B06, B12, RFC 8058: reading changes nothing, posting does, for the own address only."""
    make_wave(contact.customer, contacts=[contact])
    other = make_contact(contact.customer)
    send_due()
    url = one_click(sent.outbox[0])
    assert url == unsubscribe_path(contact)
    assert url in sent.outbox[0].body
    for verb in ("get", "head", "options"):
        getattr(client, verb)(url)
    assert not is_suppressed("kim@customer.example", "survey")
    assert "<form" in client.get(url).content.decode()
    answer = client.post(url, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer["Referrer-Policy"], answer.cookies) == (200, "no-referrer", {})
    assert [is_suppressed("kim@customer.example", purpose) for purpose in ("survey", "report", "login")] == [
        True, False, False,
    ]  # fmt: skip
    assert list(askable_contacts(contact.customer)) == [other]
    with pytest.raises(ValidationError):
        make_wave(contact.customer, contacts=[contact])


def test_a_link_ends_nobody_elses_mail(client, contact):
    other = make_contact(contact.customer)
    token = unsubscribe_path(contact).split("/")[3]
    for url in (f"/u/{other.public_id}/{token}/", unsubscribe_path(contact)[:-2] + "/", f"/u/{contact.public_id}/é/"):
        assert client.post(url).status_code == 404
    asked = make_asked(customer=contact.customer)
    assert client.post(f"/s/{token}/", {"score": 1}).status_code == 404
    assert (SuppressedAddress.objects.count(), asked.responses.count()) == (0, 0)


def test_a_wave_that_waits_goes_to_nobody_on_the_list(contact):
    make_wave(contact.customer, contacts=[contact])
    suppress(" KIM@customer.example", "hand", by=make_user(Role.ADMIN), note="asked for it")
    send_due()
    assert (sent.outbox, OutboxMail.objects.get().state) == ([], "parked")


def test_login_codes_still_come(contact):
    access = make_portal_access(contact)
    suppress(access.user.email, "bounced", by=None)
    queue_mail("k", "login-code", user=access.user, context={"nonce": "n"}, language="en", purpose="login")
    queue_mail(
        "p", "portal-invitation", user=access.user, context={"access": access.pk}, language="en", purpose="portal"
    )
    send_due()
    assert [mail.state for mail in OutboxMail.objects.order_by("key")] == ["sent", "parked"]


def test_a_graver_reason_stays_and_a_removed_address_is_written_to_again():
    admin = make_user(Role.ADMIN)
    for why in ("unsubscribed", "bounced", "unsubscribed"):
        row = suppress("a@b.example", why, by=None)
    assert (row.why, SuppressedAddress.objects.count()) == ("bounced", 1)
    with pytest.raises(ValidationError):
        unsuppress(row, reason=" ", by=admin)
    assert [unsuppress(row, reason="Corrected", by=admin), unsuppress(row, reason="x", by=admin)] == [True, False]
    assert not is_suppressed("a@b.example", "survey")
    assert suppress("a@b.example", "hand", by=admin).pk != row.pk


def test_the_page_lists_adds_removes_and_exports(client):
    client.force_login(make_user(Role.ADMIN))
    page = "/settings/mail/suppressed/"
    assert client.post(page, {"address": "<b>x</b>", "note": "x"}).status_code == 400
    assert client.post(page, {"address": "A@b.example", "note": "asked on the phone"}).status_code == 302
    row = SuppressedAddress.objects.get()
    assert "a@b.example" in client.get(page).content.decode()
    assert "a@b.example,hand,asked on the phone" in client.get(page + "export.csv").content.decode()
    client.post(f"{page}{row.public_id}/remove/", {"reason": ""})
    assert is_suppressed("a@b.example", "survey")
    client.post(f"{page}{row.public_id}/remove/", {"reason": "Wants mail again"})
    row.refresh_from_db()
    assert (row.removed_note, is_suppressed("a@b.example", "survey")) == ("Wants mail again", False)


@pytest.fixture
def provider(settings):
    settings.MAIL_PROVIDER, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": "name:password"}


def report(client, kind, address, auth="name:password"):
    what = {"Bounce": "HardBounce"}.get(kind, kind)
    body = {"RecordType": kind, "Type": what, "Email": address, "MessageID": "x", "ID": 1,
            "BouncedAt": timezone.now().isoformat()}  # fmt: skip
    headers = {"Authorization": "Basic " + base64.b64encode(auth.encode()).decode()} if auth else {}
    return client.post(HOOK, json.dumps(body), content_type="application/json", headers=headers).status_code


def test_a_bounce_suppresses_the_address_and_shows_at_the_invitation(client, contact, provider):
    invitation = make_asked(customer=contact.customer, contacts=[contact])
    send_due()
    assert report(client, "Bounce", "kim@customer.example") == 200
    invitation.refresh_from_db()
    mail = OutboxMail.objects.get()
    assert (is_suppressed("kim@customer.example", "report"), mail.state, mail.reason) == (True, "parked", "refused")
    assert invitation.bounced_at >= invitation.sent_at
    assert report(client, "Bounce", "kim@customer.example") == 200
    assert SuppressedAddress.objects.count() == 1


def test_a_complaint_counts_and_what_is_opened_does_not(client, contact, provider):
    assert report(client, "Open", "kim@customer.example") == 200
    assert not is_suppressed("kim@customer.example", "report")
    assert report(client, "SpamComplaint", "kim@customer.example") == 200
    assert SuppressedAddress.objects.get().why == "complained"


@pytest.mark.parametrize("auth", [None, "name:wrong", "x"])
def test_an_unsigned_report_is_refused(client, contact, provider, auth):
    assert report(client, "Bounce", "kim@customer.example", auth) == 400
    assert SuppressedAddress.objects.count() == 0


@pytest.mark.parametrize(("name", "secret"), [("", "a:b"), ("postmark", ""), ("os.system", "a:b")])
def test_without_provider_and_secret_there_is_no_hook(client, settings, name, secret):
    settings.MAIL_PROVIDER, settings.ANYMAIL = name, {"WEBHOOK_SECRET": secret}
    assert report(client, "Bounce", "kim@customer.example") == 404


def test_the_daily_mail_is_ended_by_its_link(client):
    user, other = make_user(Role.CSM), make_user(Role.CSM)
    url = digest_path(user)
    choose = {"digest_hour": 8, "quiet_from": None, "quiet_until": None}
    from accounts.notifications import services

    services.choose(user, channels={"job": "digest", "mention": "mail"}, **choose)
    assert client.get(url).status_code == 200
    assert client.post(url.replace(str(user.public_id), str(other.public_id))).status_code == 404
    assert services.preferences_of(user).channels["job"] == "digest"
    assert client.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert services.preferences_of(user).channels == {"job": "app", "mention": "mail"}
    assert Notification.objects.count() == 0
