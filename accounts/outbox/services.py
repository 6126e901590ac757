"""Mail that must go out: queued with its cause, claimed with a lease, sent once as far as anybody can know.

A claim whose lease ran out belonged to a worker that died, and a line may be cut after the server took the mail:
whether it went out is unknown. It is sent again under the same Message-ID and marked ``maybe_sent``; a line that is
cut a second time parks it.
"""

from datetime import datetime, timedelta
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
from django.db.models import Case, F, Value, When
from django.utils import timezone

from accounts.audit.services import record
from accounts.models import Contact, User
from accounts.outbox.models import OutboxMail
from accounts.outbox.registry import FOLLOWS, Undeliverable
from accounts.outbox.rendering import render
from cs_portal.kit import leases
from cs_portal.kit.jobs import wake_on_commit

LEASE = timedelta(minutes=2)
ATTEMPTS = 5
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3))
CUT = (SMTPServerDisconnected, ConnectionError, TimeoutError)
ABOUT_US = (SMTPConnectError, SMTPHeloError, SMTPAuthenticationError)  # not about the mail: somebody will repair it
State, Reason = OutboxMail.State, OutboxMail.Reason
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
    due_at: datetime | None = None,
) -> OutboxMail:
    """Write the mail's row in the caller's transaction and wake a worker on commit.

    The same key twice is one mail. ``context`` holds ids and plain values: names, addresses and secret links are
    made when it is sent. With ``due_at`` it waits until then.
    """
    now = timezone.now()
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
            "due_at": due_at or now,
        },
    )
    if created and mail.due_at <= now:
        wake_on_commit("accounts.outbox.tasks.deliver", mail.pk)
    return mail


@transaction.atomic
def queue_nothing() -> None:
    """Write and wake as for a mail, so that the time an answer takes does not tell who is known here."""
    cache.set("outbox.nothing", timezone.now().isoformat())
    wake_on_commit("accounts.outbox.tasks.sweep")


def claim(mail_id: int) -> OutboxMail | None:
    """Take the mail if it is due and nobody else holds it: one conditional UPDATE."""
    doubt = Case(When(state=State.CLAIMED, then=Value(True)), default=F("maybe_sent"))
    taken = leases.take(OutboxMail.objects.all(), mail_id, LEASE, maybe_sent=doubt)
    return OutboxMail.objects.select_related("contact__customer__owner", "user").get(pk=mail_id) if taken else None


def deliver(mail_id: int) -> bool:
    """Send the mail if it is still to be sent; True when this call sent it."""
    mail = claim(mail_id)
    if mail is None:
        return False
    if mail.attempts > ATTEMPTS:
        _park(mail, Reason.KILLED, f"not finished in {ATTEMPTS} attempts")  # whoever took it died each time
        return False
    try:
        hand_over(render(mail))
    except Undeliverable as reason:
        _park(mail, Reason.SENSELESS, str(reason))
    except Exception as error:  # whatever a mail server or a template says: try again later, others go on
        _failed(mail, error)
    else:
        _mark_sent(mail)
        return True
    return False


def send_due(limit: int = 500) -> int:
    """Send everything that is due; returns how many went out. What fails is put back for later."""
    return leases.sweep(OutboxMail.objects.all(), deliver, limit)


@transaction.atomic
def _mark_sent(mail: OutboxMail) -> None:
    """Whoever holds it by now: it is out."""
    now = timezone.now()
    OutboxMail.objects.filter(pk=mail.pk).update(
        state=State.SENT, sent_at=now, lease_until=None, last_error="", reason=""
    )
    if follow := FOLLOWS.get(mail.template):
        follow(mail, now)


def _park(mail: OutboxMail, reason: str, error: str) -> None:
    leases.end(mail, State.PARKED, reason=reason, last_error=error[:500])


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
        _park(mail, Reason.REFUSED, f"{name}: the mail server refuses it")
    elif unknown and mail.maybe_sent:
        _park(mail, Reason.UNKNOWN, f"{name} again: it may have been sent")
    elif mail.attempts >= ATTEMPTS:
        _park(mail, Reason.EXHAUSTED, f"{name} after {mail.attempts} attempts")
    else:
        wait = BACK_OFF[min(mail.attempts, len(BACK_OFF)) - 1]
        leases.put_back(mail, wait, name, maybe_sent=mail.maybe_sent or unknown)


def refused_for_good(error: Exception) -> bool:
    """A 5xx answer about this mail or its receiver; 4xx means later."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return isinstance(error, SMTPResponseException) and not isinstance(error, ABOUT_US) and error.smtp_code >= 500


@transaction.atomic
def retry_mail(mail: OutboxMail, *, by: User) -> bool:
    """Try a parked mail again from the start; whether it may have gone out before stays marked."""
    again = leases.start_again(OutboxMail.objects.filter(pk=mail.pk), State.PARKED, reason="")
    if again:
        record("mail.retried", by=by, target=mail)
        wake_on_commit("accounts.outbox.tasks.deliver", mail.pk)
    return again


@transaction.atomic
def dismiss_mail(mail: OutboxMail, *, by: User) -> bool:
    """Nobody wants a parked mail to go out any more."""
    gone = OutboxMail.objects.filter(pk=mail.pk, state=State.PARKED).update(state=State.DISMISSED)
    if gone:
        record("mail.dismissed", by=by, target=mail)
    return bool(gone)
