"""Mail that must go out: queued with its cause, claimed with a lease, sent once as far as anybody can know.

A claim whose lease ran out belonged to a worker that died, and a line may be cut after the server took the mail:
whether it went out is unknown. It is sent again under the same Message-ID and marked ``maybe_sent``; a line that is
cut a second time parks it.
"""

from datetime import timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from typing import Any
from uuid import uuid4

import structlog
from django.core.cache import cache
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from accounts.models import Contact, User
from accounts.outbox.models import OutboxMail
from accounts.outbox.registry import FOLLOWS, Undeliverable
from accounts.outbox.rendering import render
from cs_portal.kit.jobs import wake_on_commit

LEASE = timedelta(minutes=2)
ATTEMPTS = 5
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3))
CUT = (SMTPServerDisconnected, ConnectionError, TimeoutError)
ABOUT_US = (SMTPConnectError, SMTPHeloError, SMTPAuthenticationError)  # not about the mail: somebody will repair it
State = OutboxMail.State
log = structlog.get_logger()


class OutcomeUnknown(Exception):
    """The line was cut while the mail was handed over; the text names the error."""


def queue_mail(
    key: str,
    template: str,
    *,
    contact: Contact | None = None,
    user: User | None = None,
    context: dict[str, Any],
    language: str,
    purpose: str,
) -> OutboxMail:
    """Write the mail's row in the caller's transaction and wake a worker on commit.

    The same key twice is one mail. ``context`` holds ids and plain values: names, addresses and secret links are
    made when it is sent.
    """
    mail, created = OutboxMail.objects.get_or_create(
        key=key,
        defaults={
            "template": template,
            "contact": contact,
            "user": user,
            "context": context,
            "language": language,
            "purpose": purpose,
            "message_id": f"<{uuid4()}@cs-portal>",
            "due_at": timezone.now(),
        },
    )
    if created:
        wake_on_commit("accounts.outbox.tasks.deliver", mail.pk)
    return mail


@transaction.atomic
def queue_nothing() -> None:
    """Write and wake as for a mail, so that the time an answer takes does not tell who is known here."""
    cache.set("outbox.nothing", timezone.now().isoformat())
    wake_on_commit("accounts.outbox.tasks.sweep")


def claim(mail_id: int) -> OutboxMail | None:
    """Take the mail if it is due and nobody else holds it: one conditional UPDATE."""
    now = timezone.now()
    taken = (
        open_mails()
        .filter(pk=mail_id)
        .update(
            maybe_sent=Case(When(state=State.CLAIMED, then=Value(True)), default=F("maybe_sent")),
            state=State.CLAIMED,
            lease_until=now + LEASE,
            attempts=F("attempts") + 1,
        )
    )
    return OutboxMail.objects.select_related("contact__customer__owner", "user").get(pk=mail_id) if taken else None


def open_mails() -> Any:
    """What waits and is due, and what was claimed by somebody who has not come back."""
    now = timezone.now()
    return OutboxMail.objects.filter(
        Q(state=State.WAITING, due_at__lte=now) | Q(state=State.CLAIMED, lease_until__lt=now)
    )


def deliver(mail_id: int) -> bool:
    """Send the mail if it is still to be sent; True when this call sent it."""
    mail = claim(mail_id)
    if mail is None:
        return False
    if mail.attempts > ATTEMPTS:
        _park(mail, f"not finished in {ATTEMPTS} attempts")  # whoever took it died each time
        return False
    try:
        hand_over(render(mail))
    except Undeliverable as reason:
        _park(mail, str(reason))
    except Exception as error:  # whatever a mail server or a template says: try again later, others go on
        _failed(mail, error)
    else:
        _mark_sent(mail)
        return True
    return False


def send_due(limit: int = 500) -> int:
    """Send everything that is due; returns how many went out. What fails is put back for later."""
    return sum(deliver(pk) for pk in list(open_mails().order_by("due_at").values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _mark_sent(mail: OutboxMail) -> None:
    now = timezone.now()
    OutboxMail.objects.filter(pk=mail.pk).update(state=State.SENT, sent_at=now, lease_until=None, last_error="")
    if follow := FOLLOWS.get(mail.template):
        follow(mail, now)


def _park(mail: OutboxMail, reason: str) -> None:
    OutboxMail.objects.filter(pk=mail.pk).update(state=State.PARKED, lease_until=None, last_error=reason[:500])


def hand_over(message: EmailMessage) -> None:
    """Give it to the mail server. A line that is cut before there is one is an ordinary failure: nothing was sent."""
    with get_connection() as server:
        try:
            server.send_messages([message])
        except CUT as error:
            raise OutcomeUnknown(type(error).__name__) from error


def _failed(mail: OutboxMail, error: Exception) -> None:
    unknown = isinstance(error, OutcomeUnknown)
    name = str(error) if unknown else type(error).__name__
    log.warning("mail not sent", mail=mail.pk, attempt=mail.attempts, error=name)
    if refused_for_good(error):
        _park(mail, f"{name}: the mail server refuses it")
    elif unknown and mail.maybe_sent:
        _park(mail, f"{name} again: it may have been sent")
    elif mail.attempts >= ATTEMPTS:
        _park(mail, f"{name} after {mail.attempts} attempts")
    else:
        _put_back(mail, name, maybe_sent=mail.maybe_sent or unknown)


def refused_for_good(error: Exception) -> bool:
    """A 5xx answer about this mail or its receiver; 4xx means later."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return isinstance(error, SMTPResponseException) and not isinstance(error, ABOUT_US) and error.smtp_code >= 500


def _put_back(mail: OutboxMail, error: str, *, maybe_sent: bool) -> None:
    wait = BACK_OFF[min(mail.attempts, len(BACK_OFF)) - 1]
    OutboxMail.objects.filter(pk=mail.pk).update(
        state=State.WAITING,
        lease_until=None,
        due_at=timezone.now() + wait,
        last_error=error,
        maybe_sent=maybe_sent,
    )
