"""What people say about a record to each other, inside unless it is meant for the customer too."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, PortalAccess
from cs_portal.kit.records import Public, Timed, flag

LONGEST = 5_000


class Comment(Public, Timed):
    """The record is named by its kind and public id; a withdrawn comment keeps its place and no words."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="comments")
    kind = models.CharField(max_length=20)
    record = models.UUIDField(help_text="public id of what it is about")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    access = models.ForeignKey(
        PortalAccess, on_delete=models.PROTECT, null=True, related_name="+", help_text="of a contact who wrote it"
    )
    key = models.UUIDField(unique=True, help_text="of the form: the same form sent twice is one comment")
    text = models.TextField(_("comment"), max_length=LONGEST, blank=True)
    is_shared = flag()
    mentioned = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    edited_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) & ~Q(text="") | Q(withdrawn_at__isnull=False, text=""),
                name="comment_withdrawn_has_no_words",
            ),
            models.CheckConstraint(
                condition=Q(access__isnull=True) | Q(is_shared=True), name="comment_of_a_contact_is_shared"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["record", "kind"], name="comment_by_record")]

    def __str__(self) -> str:
        return f"{self.kind} {self.record}"
