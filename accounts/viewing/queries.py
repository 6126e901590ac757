"""What a session views at present."""

from typing import Any

from accounts.access import live_accesses, may_write
from accounts.models import PortalAccess, Role, User


def viewed_access(seen: dict[str, Any], viewer: User) -> PortalAccess | None:
    """The contact's access, as long as both it and the viewer's right on the customer last."""
    rows = PortalAccess.objects.select_related("contact__customer", "contact__user_group", "user")
    access = rows.filter(pk=seen["access"], user__role=Role.CONTACT, user__is_active=True).first()
    if access is None or not live_accesses(access.user).filter(pk=access.pk).exists():
        return None
    return access if may_write(viewer, access.contact.customer) else None
