"""What the workspace says about itself, and trying whether its mail arrives."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import WRITES_ALL
from accounts.audit.services import record
from accounts.models import User, Workspace
from accounts.outbox.models import OutboxMail
from accounts.outbox.services import queue_mail
from accounts.services import workspace
from cs_portal.kit.working_days import NOWHERE, REGIONS

TOLD = (
    "name", "default_language", "sender_name", "imprint_url", "privacy_url", "strategy", "holiday_region",
    "clocks_rest",
)  # fmt: skip


@transaction.atomic
def describe_workspace(values: dict[str, Any], *, by: User) -> Workspace:
    """Store name, language, sender, links and strategy. Raises ValidationError for a link that is not https."""
    if by.role not in WRITES_ALL:
        raise PermissionDenied
    if values.get("holiday_region", NOWHERE) not in REGIONS:
        raise ValidationError({"holiday_region": _("Please choose one of the regions.")})
    workspace()
    row = Workspace.objects.select_for_update().get()
    changed = [name for name in TOLD if name in values and getattr(row, name) != values[name]]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.full_clean(validate_constraints=False, exclude=[f.name for f in row._meta.fields if f.name not in changed])
        row.save(update_fields=changed)
        record("workspace.described", by=by, target=row, changed=changed)
    return row


@transaction.atomic
def send_test_mail(*, by: User) -> OutboxMail:
    """A mail to oneself through the same outbox as every other one."""
    mail = queue_mail(f"test-mail:{uuid4()}", "test-mail", user=by, context={}, language=by.language, purpose="test")
    record("mail.tested", by=by, target=by, mail=mail.pk)
    return mail
