"""Files that belong to a record: private, and named on disk by chance."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, PortalAccess
from cs_portal.kit.filetypes import TYPES, FileType
from cs_portal.kit.records import Archivable, Public, Timed, flag


class Attachment(Public, Timed, Archivable):
    """The record is named by its kind and public id, as in comments; what its content is, ``type`` says."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="attachments")
    kind = models.CharField(max_length=20)
    record = models.UUIDField(help_text="public id of what it belongs to")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attachments")
    access = models.ForeignKey(
        PortalAccess, on_delete=models.PROTECT, null=True, related_name="+", help_text="of a contact who added it"
    )
    key = models.UUIDField(help_text="of the form: the same file in the same form is added once")
    name = models.CharField(_("name"), max_length=200, help_text="as whoever added it calls it; never a path")
    type = models.CharField(max_length=8, help_text="told by the content")
    size = models.PositiveIntegerField(help_text="bytes, as stored")
    digest = models.CharField(max_length=64, help_text="SHA-256 of what is stored")
    file = models.FileField(upload_to="attachments/")
    is_shared = flag()

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["author", "key", "digest"], name="attachment_once_per_form"),
            models.CheckConstraint(
                condition=Q(access__isnull=True) | Q(is_shared=True), name="attachment_of_a_contact_is_shared"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["record", "kind"], name="attachment_by_record")]

    def __str__(self) -> str:
        return self.name

    @property
    def file_type(self) -> FileType:
        return TYPES[self.type]

    @property
    def given_name(self) -> str:
        """Under which it is given out."""
        return self.file_type.fitting(self.name)
