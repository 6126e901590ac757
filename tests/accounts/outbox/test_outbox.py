"""Mail is a row: written with its cause, claimed once, sent under one Message-ID, retried, parked."""

from datetime import timedelta

import pytest
from django.core import mail as mailbox
from django.db import transaction
from django.utils import timezone

from accounts.outbox import services
from accounts.outbox.models import OutboxMail
from accounts.outbox.rendering import one_line
from accounts.outbox.services import ATTEMPTS, claim, deliver, queue_mail, send_due
from accounts.portal_services import invite_contact, revoke_access
from tests.factories.accounts import make_contact, make_user

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

    with pytest.raises(Refused), transaction.atomic():
        queue_mail("k2", "password-reset", user=reset.user, context={}, language="de", purpose="login")
        raise Refused
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
