"""Addresses that are not written to: it wins over every wave, and is asked for at the moment of sending."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.services import record
from accounts.models import Contact, User
from accounts.outbox.models import OutboxMail, SuppressedAddress
from accounts.outbox.registry import BOUNCES

Why = SuppressedAddress.Why
ALWAYS = frozenset({"login", "security"})  # asked for by the person in the same minute
UNASKED = frozenset({"survey"})


def suppressed(purpose: str = "survey") -> QuerySet[SuppressedAddress]:
    """The addresses that get no mail of this purpose."""
    live = SuppressedAddress.objects.filter(removed_at=None)
    if purpose in ALWAYS:
        return live.none()
    return live if purpose in UNASKED else live.exclude(why=Why.UNSUBSCRIBED)


def is_suppressed(address: str, purpose: str) -> bool:
    return suppressed(purpose).filter(address=address.strip().lower()).exists()


@transaction.atomic
def suppress(address: str, why: str, *, by: User | None, note: str = "") -> SuppressedAddress:
    """Write no more to the address; said twice is once, and a graver reason stays. Raises ValidationError by field."""
    address = address.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise ValidationError({"address": _("Please enter an e-mail address.")}) from None
    found, made = SuppressedAddress.objects.select_for_update().get_or_create(
        address=address, removed_at=None, defaults={"why": why, "note": note.strip(), "added_by": by}
    )
    if not made and found.why == Why.UNSUBSCRIBED and why != Why.UNSUBSCRIBED:
        found.why, found.note, found.added_by = why, note.strip(), by
        found.save(update_fields=["why", "note", "added_by"])
    if made:
        record("suppression.added", by=by, target=found, why=why)
    return found


@transaction.atomic
def unsuppress(row: SuppressedAddress, *, reason: str, by: User) -> bool:
    """The address may be written to again; the row stays with the reason. False when that was so already."""
    if not reason.strip():
        raise ValidationError({"reason": _("Please say why this address may be written to again.")})
    done = SuppressedAddress.objects.filter(pk=row.pk, removed_at=None).update(
        removed_at=timezone.now(), removed_by=by, removed_note=reason.strip()[:255]
    )
    if done:
        record("suppression.removed", by=by, target=row)
    return bool(done)


@transaction.atomic
def note_bounce(address: str, why: str, at: datetime) -> OutboxMail | None:
    """The provider says that the address does not exist or complains: write no more, and show the mail as parked."""
    address = address.strip().lower()
    suppress(address, why, by=None)
    to = Q(contact__in=Contact.objects.filter(email__iexact=address)) | Q(user__in=User.objects.filter(email=address))
    sent = OutboxMail.objects.filter(to, state=OutboxMail.State.SENT, sent_at__lte=at)
    mail = sent.order_by("-sent_at").first()
    if mail is None:
        return None
    mail.state, mail.reason, mail.last_error = (
        OutboxMail.State.PARKED,
        OutboxMail.Reason.REFUSED,
        f"{why} after sending",
    )
    mail.save(update_fields=["state", "reason", "last_error"])
    if follow := BOUNCES.get(mail.template):
        follow(mail, max(at, mail.sent_at or at))
    return mail
