"""Mail is a row: written with its cause, claimed once, sent under one Message-ID, retried, parked."""

import re
from datetime import timedelta
from email import message_from_bytes
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected
from typing import ClassVar

import pytest
from django.core import mail as mailbox
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.outbox import services
from accounts.outbox.models import OutboxMail
from accounts.outbox.rendering import one_line
from accounts.outbox.services import ATTEMPTS, claim, deliver, queue_mail, send_due
from accounts.portal_services import invite_contact, revoke_access
from tests.factories.accounts import make_contact, make_customer, make_user

pytestmark = pytest.mark.django_db
State = OutboxMail.State


@pytest.fixture
def reset():
    """A queued mail to a person called Ada."""
    user = make_user(role="csm", name="Ada", email="ada@example.org", language="de")
    return queue_mail("k1", "password-reset", user=user, context={}, language="de", purpose="login")


def test_a_mail_is_sent_once_in_text_and_html_in_the_readers_language(reset):
    assert (send_due(), send_due()) == (1, 0)
    [sent] = mailbox.outbox
    html = sent.alternatives[0][0]
    reset.refresh_from_db()
    assert (sent.to, sent.extra_headers["Message-ID"], reset.state) == (
        ["ada@example.org"],
        reset.message_id,
        State.SENT,
    )
    assert "/accounts/password/reset/key/" in sent.body
    assert "/accounts/password/reset/key/" in html
    assert "<script" not in html
    assert "<img" not in html


def test_the_same_key_is_one_mail(reset):
    again = queue_mail("k1", "password-reset", user=reset.user, context={}, language="en", purpose="login")
    assert (again.pk, OutboxMail.objects.count(), again.language) == (reset.pk, 1, "de")


def test_no_mail_without_its_cause(reset):
    class Refused(Exception): ...

    def cause():
        queue_mail("k2", "password-reset", user=reset.user, context={}, language="de", purpose="login")
        raise Refused

    with pytest.raises(Refused):
        transaction.atomic(cause)()
    assert list(OutboxMail.objects.values_list("key", flat=True)) == ["k1"]


def test_who_claims_second_gets_nothing(reset):
    assert (claim(reset.pk) is not None, claim(reset.pk), deliver(reset.pk), send_due()) == (True, None, False, 0)
    assert not mailbox.outbox


def test_a_claim_of_a_worker_that_died_is_sent_again_under_the_same_id_and_marked(reset):
    claim(reset.pk)
    OutboxMail.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert send_due() == 1
    reset.refresh_from_db()
    assert (reset.state, reset.maybe_sent, reset.attempts) == (State.SENT, True, 2)
    assert mailbox.outbox[0].extra_headers["Message-ID"] == reset.message_id


def test_a_failure_waits_longer_each_time_and_is_parked_at_last_while_others_go_out(reset, monkeypatch):
    other = queue_mail("k3", "password-reset", user=make_user(role="csm"), context={}, language="en", purpose="login")
    real = services.render
    monkeypatch.setattr(services, "render", lambda mail: 1 / 0 if mail.pk == reset.pk else real(mail))
    waits = []
    for _attempt in range(ATTEMPTS):
        send_due()
        reset.refresh_from_db()
        waits.append(reset.due_at - timezone.now())
        OutboxMail.objects.filter(pk=reset.pk).update(due_at=timezone.now())
    other.refresh_from_db()
    assert (reset.state, reset.last_error, other.state) == (
        State.PARKED,
        "ZeroDivisionError after 5 attempts",
        State.SENT,
    )
    assert waits[:4] == sorted(waits[:4])
    assert send_due() == 0


def test_a_person_who_left_gets_no_mail(reset):
    reset.user.is_active = False
    reset.user.save()
    assert send_due() == 0
    reset.refresh_from_db()
    assert (reset.state, reset.last_error) == (State.PARKED, "the receiver is no longer active")


def test_a_revoked_invitation_is_not_sent():
    access = invite_contact(make_contact(email="kim@kunde.example"), role="user", by=make_user(role="lead"))
    revoke_access(access, by=access.invited_by)
    assert send_due() == 0
    assert OutboxMail.objects.get().last_error == "the access was revoked"


def test_a_subject_is_one_line_without_encoded_words():
    assert one_line("a\r\nBcc: x\u2028y =?utf-8?q?x=0D=0ABcc:?=") == "a Bcc: x y = ?utf-8?q?x=0D=0ABcc:?="


class Server(BaseEmailBackend):
    """A mail server that does as told: one entry per mail, an error to raise or None to take it."""

    script: ClassVar[list] = []
    taken: ClassVar[list] = []

    def open(self):
        if self.script and self.script[0] == "away":
            self.script.pop(0)
            raise TimeoutError

    def send_messages(self, messages):
        error = self.script.pop(0) if self.script else None
        if not isinstance(error, SMTPResponseException):
            self.taken.extend(messages)
        if error is not None:
            raise error


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    Server.script, Server.taken = [], []
    return Server


def send_all(times=8):
    """Sweep as often as that, the waiting over each time."""
    for _time in range(times):
        OutboxMail.objects.filter(state=State.WAITING).update(due_at=timezone.now())
        send_due()
    return OutboxMail.objects.order_by("key").values_list("state", "maybe_sent", "attempts", "last_error")


def test_a_line_cut_after_the_server_took_the_mail_means_one_double_at_most_under_one_id(reset, server):
    server.script += [SMTPServerDisconnected("cut"), SMTPServerDisconnected("cut")]
    assert list(send_all()) == [(State.PARKED, True, 2, "SMTPServerDisconnected again: it may have been sent")]
    assert [mail.extra_headers["Message-ID"] for mail in server.taken] == [reset.message_id] * 2


def test_a_line_cut_once_is_marked_and_sent_again(reset, server):
    server.script += [ConnectionResetError()]
    assert list(send_all()) == [(State.SENT, True, 2, "")]


def test_a_server_that_is_away_or_busy_is_tried_again_without_a_doubt(reset, server):
    server.script += ["away", "away", SMTPDataError(451, b"later")]
    assert list(send_all()) == [(State.SENT, False, 4, "")]
    assert len(server.taken) == 1


def test_one_refused_address_is_parked_at_once_and_the_others_go_out(reset, server):
    for number in range(3):
        queue_mail(f"k{number + 2}", "password-reset", user=reset.user, context={}, language="de", purpose="login")
    server.script += [SMTPRecipientsRefused({"ada@example.org": (550, b"unknown")})]
    assert [row[:3] for row in send_all(1)] == [(State.PARKED, False, 1), *[(State.SENT, False, 1)] * 3]


def test_a_mail_that_kills_its_worker_is_parked(reset, server):
    for _killed in range(ATTEMPTS):
        assert claim(reset.pk) is not None
        OutboxMail.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert list(send_all()) == [(State.PARKED, True, ATTEMPTS + 1, f"not finished in {ATTEMPTS} attempts")]
    assert server.taken == []


def test_a_broker_that_is_away_fails_no_request(settings, reset, monkeypatch, django_capture_on_commit_callbacks):
    def away(*args, **kwargs):
        raise OperationalError("no broker")

    monkeypatch.setattr("celery.Celery.send_task", away)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        queue_mail("k9", "password-reset", user=reset.user, context={}, language="de", purpose="login")
    assert send_due() == 2


def test_a_name_cannot_write_into_the_headers():
    inviter = make_user(role="lead", name="Eve\r\nBcc: all@example.org")
    customer = make_customer(name="A\nBcc: x@example.org =?utf-8?q?x=0D=0ABcc:y?=", owner=inviter)
    invite_contact(make_contact(customer, name="Kim\r\nBcc: z@example.org"), role="user", by=inviter)
    assert send_due() == 1
    [sent] = mailbox.outbox
    headers = sent.message()
    assert headers.get_all("Bcc") is None
    assert "\n" not in headers["Subject"]
    assert sent.recipients() == sent.to


class TestFiles:
    def test_every_mail_is_a_file_whose_name_tells_when_and_to_whom(self, reset, settings, tmp_path):
        settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "cs_portal.kit.mail.EmlFiles", tmp_path / "mail"
        assert send_due() == 1
        [file] = (tmp_path / "mail").iterdir()
        assert re.fullmatch(r"\d{8}-\d{6}-\d{6}-ada@example\.org\.eml", file.name)
        message = message_from_bytes(file.read_bytes())
        assert (message["To"], message["Message-ID"]) == ("ada@example.org", reset.message_id)
