"""Seeing the portal as a contact sees it: for half an hour, for whoever may write at the customer, and read-only.

Nobody logs in as anybody: the session stays the colleague's, so the contact's sessions and last login are untouched.
"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.access import may_write
from accounts.audit.services import record
from accounts.models import PortalAccess, User

KEY = "viewing_as"
LONGEST = timedelta(minutes=30)


@transaction.atomic
def start_viewing(access: PortalAccess, session: SessionBase, *, by: User) -> None:
    """From now on the session's portal pages are the contact's at this company. Raises PermissionDenied."""
    if not by.is_colleague or not may_write(by, access.contact.customer):
        raise PermissionDenied
    until = timezone.now() + LONGEST
    session[KEY] = {"access": access.pk, "until": until.isoformat()}
    record("viewing.started", by=by, target=access, contact=access.contact_id, customer=access.contact.customer_id)


@transaction.atomic
def end_viewing(session: SessionBase, *, by: User, why: str) -> PortalAccess | None:
    """Back to oneself; ``why`` is ``asked``, ``logout``, ``time`` or ``access``. Ended twice is ended once."""
    seen: dict[str, Any] | None = session.pop(KEY, None)
    rows = PortalAccess.objects.select_related("contact__customer")
    access = rows.filter(pk=seen["access"]).first() if seen else None
    if access is not None:
        record("viewing.ended", by=by, target=access, contact=access.contact_id, why=why)
    return access


def is_over(seen: dict[str, Any]) -> bool:
    return datetime.fromisoformat(seen["until"]) <= timezone.now()
