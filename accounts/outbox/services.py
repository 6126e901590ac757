"""Mail that must go out: queued with its cause, claimed with a lease, sent once as far as anybody can know.

A claim whose lease ran out belonged to a worker that died: whether its mail went out is unknown. It is sent again
under the same Message-ID and marked ``maybe_sent``.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import structlog
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
State = OutboxMail.State
log = structlog.get_logger()


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
    try:
        message = render(mail)
        message.send()
    except Undeliverable as reason:
        _park(mail, str(reason))
        return False
    except Exception as error:  # whatever a mail server or a template says: try again later, others go on
        _put_back(mail, error)
        return False
    _mark_sent(mail)
    return True


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


def _put_back(mail: OutboxMail, error: Exception) -> None:
    log.warning("mail not sent", mail=mail.pk, attempt=mail.attempts, error=type(error).__name__)
    if mail.attempts >= ATTEMPTS:
        _park(mail, f"{type(error).__name__} after {mail.attempts} attempts")
        return
    wait = BACK_OFF[min(mail.attempts, len(BACK_OFF)) - 1]
    OutboxMail.objects.filter(pk=mail.pk).update(
        state=State.WAITING, lease_until=None, due_at=timezone.now() + wait, last_error=type(error).__name__
    )
