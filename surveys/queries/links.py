"""What a secret link opens."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from hmac import compare_digest
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse

from accounts.models import Contact, Workspace
from accounts.services import workspace_settings
from surveys.models import Invitation, Response
from surveys.tokens import SURVEY, UNSUBSCRIBE, fingerprint, secret


class LinkState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    EXPIRED = "expired"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


def vendor_name() -> str:
    """Who asks; empty until somebody has named the workspace."""
    return Workspace.objects.values_list("name", flat=True).first() or ""


def invitation_of(token: str) -> Invitation | None:
    """The invitation that a link opens, with all that its page shows: one query."""
    rows = Invitation.objects.select_related(
        "wave__version", "wave__created_by", "contact__customer__owner", "customer"
    )
    return rows.filter(token_hash=fingerprint(token), wave__isnull=False, contact__isnull=False).first()


def link_state(invitation: Invitation, now: datetime) -> LinkState:
    """Answered comes first: whoever answered is thanked, also after the survey was closed.

    Of somebody who left or is archived, alone or with the company, a link stores nothing, as if it were withdrawn.
    """
    wave = invitation.wave
    if Response.objects.filter(invitation=invitation, kind=invitation.kind).exists():
        return LinkState.ANSWERED
    if wave is None or wave.withdrawn_at is not None or not _may_answer(invitation.contact):
        return LinkState.WITHDRAWN
    if wave.closes_at is not None and wave.closes_at <= now:
        return LinkState.CLOSED
    if invitation.expires_at is not None and invitation.expires_at <= now:
        return LinkState.EXPIRED
    return LinkState.OPEN


def _may_answer(contact: Contact | None) -> bool:
    if contact is None or contact.archived_at is not None:
        return False
    return contact.is_active and contact.customer.archived_at is None


def workspace_zone() -> ZoneInfo:
    return ZoneInfo(workspace_settings().time_zone)


def last_day(until: datetime | None, zone: ZoneInfo) -> date | None:
    """The last local day on which a link that ends at that moment still works."""
    if until is None:
        return None
    return (until - timedelta(seconds=1)).astimezone(zone).date()


def link_path(invitation: Invitation) -> str:
    """The secret path of the invitation's present link."""
    return reverse("surveys:answer", args=[secret(SURVEY, invitation.public_id, invitation.token_generation)])


def unsubscribe_path(contact: Contact) -> str:
    """The secret path by which a contact ends surveys to their own address."""
    return reverse("surveys:unsubscribe", args=[contact.public_id, secret(UNSUBSCRIBE, contact.public_id, 0)])


def unsubscribing(public_id: UUID, token: str) -> Contact | None:
    """The contact whose mail the link came from."""
    wanted = secret(UNSUBSCRIBE, public_id, 0)
    if not compare_digest(wanted.encode(), token.encode("utf-8", "replace")):
        return None
    return Contact.objects.select_related("customer").filter(public_id=public_id).first()
