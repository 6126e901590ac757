"""Adding, giving out, archiving and bringing back files."""

import hashlib
from collections.abc import Sequence
from secrets import token_hex
from typing import IO, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.attachments.intake import Taken, take
from accounts.attachments.models import Attachment
from accounts.attachments.queries import may_archive
from accounts.audit.services import record
from accounts.comments.queries import Thread
from accounts.models import PortalAccess, User
from accounts.notifications.services import notify
from cs_portal.kit.filetypes import Refused
from cs_portal.kit.uploads import MOST_AT_ONCE

FROM_CUSTOMER = "customer_file"


def add_attachments(
    thread: Thread, files: "Sequence[UploadedFile[Any]]", *, key: UUID, by: User, shared: bool = False
) -> list[Attachment]:
    """Add files to the record, all or none; a contact's are always shared, and the customer's owner hears of them.

    Raises PermissionDenied for somebody who only reads; ValidationError with a sentence for each file that is not
    taken, for an archived customer, and when it is to be shared where the customer sees nothing.
    """
    _check(thread, files, by, shared)
    written: list[str] = []
    try:
        with transaction.atomic():
            added = [_add(thread, one, key, by, shared, written) for one in _taken(files)]
            _tell(thread, added, by)
    except BaseException:
        for place in written:  # what the transaction forgets must not stay on disk either
            default_storage.delete(place)
        raise
    return added


def _check(thread: Thread, files: "Sequence[UploadedFile[Any]]", by: User, shared: bool) -> None:
    if not thread.may_write or by != thread.reader:
        raise PermissionDenied
    if thread.customer.archived_at is not None:
        raise ValidationError(_("This is archived. Please bring it back first."), code="archived")
    if shared and not thread.may_share:
        raise ValidationError({"shared": _("The customer does not see this record.")})
    if len(files) > MOST_AT_ONCE:
        raise ValidationError({"files": _("Please add at most %(most)s files at once.") % {"most": MOST_AT_ONCE}})


def _taken(files: "Sequence[UploadedFile[Any]]") -> list[Taken]:
    """All of them, or a sentence for each that is refused."""
    taken, refused = [], []
    for file in files:
        try:
            taken.append(take(file))
        except Refused as error:
            refused.append(f"{file.name}: {error.sentence}" if len(files) > 1 else str(error.sentence))
    if refused:
        raise ValidationError({"files": refused})
    return taken


def _add(thread: Thread, taken: Taken, key: UUID, by: User, shared: bool, written: list[str]) -> Attachment:
    place = f"attachments/{token_hex(20)}"
    attachment, made = Attachment.objects.get_or_create(
        author=by,
        key=key,
        digest=hashlib.sha256(taken.content).hexdigest(),
        defaults={
            "customer": thread.customer, "kind": thread.subject.kind, "record": thread.record.public_id,
            "access": thread.access, "name": taken.name, "type": taken.type.code, "size": len(taken.content),
            "file": place, "is_shared": shared or thread.access is not None,
        },
    )  # fmt: skip
    if made:
        written.append(place)
        default_storage.save(place, ContentFile(taken.content))
        told = {"kind": attachment.kind, "type": attachment.type, "size": attachment.size}
        record("attachment.added", by=by, target=attachment, shared=attachment.is_shared, **told)
    return attachment


def _tell(thread: Thread, added: list[Attachment], by: User) -> None:
    if thread.access is not None and added:
        notify(
            thread.customer.owner, FROM_CUSTOMER, key=f"attachment:{added[0].pk}", by=by, customer=thread.customer,
            target=added[0].pk,
        )  # fmt: skip


@transaction.atomic
def hand_out(attachment: Attachment, *, by: User) -> IO[bytes]:
    """Its content, and a line in the audit. Raises OSError when the file is gone from the disk; then without one."""
    content: IO[bytes] = default_storage.open(str(attachment.file), "rb")
    record("attachment.downloaded", by=by, target=attachment)
    return content


@transaction.atomic
def archive_attachment(attachment: Attachment, *, by: User, access: PortalAccess | None = None) -> Attachment:
    """Out of sight, for contacts too; the file stays, so that it can be brought back."""
    return _put(attachment, True, by, access)


@transaction.atomic
def restore_attachment(attachment: Attachment, *, by: User, access: PortalAccess | None = None) -> Attachment:
    return _put(attachment, False, by, access)


def _put(attachment: Attachment, away: bool, by: User, access: PortalAccess | None) -> Attachment:
    """Once: asked again, it is as asked."""
    rows = Attachment.objects.select_for_update(of=("self",)).select_related("customer")
    attachment = rows.get(pk=attachment.pk)
    if not may_archive(attachment, by, access):
        raise PermissionDenied
    if (attachment.archived_at is not None) != away:
        attachment.archived_at = timezone.now() if away else None
        attachment.save(update_fields=["archived_at"])
        record("attachment.archived" if away else "attachment.restored", by=by, target=attachment)
    return attachment
