"""What people keep about lists: views with a name, how dense they like rows, and what they changed at once."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cs_portal.kit.records import Public, Timed, flag


class SavedView(Public, Timed):
    """A query of a list under a name. It holds no rows: whoever opens it sees those of their own gate."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_views")
    list = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=80)
    query = models.TextField(blank=True, max_length=6000)
    is_shared = flag()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = (Lower("name"), "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "owner", "list", Lower("name"), condition=Q(removed_at__isnull=True), name="one_view_per_name"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["list", "is_shared"], name="view_by_list")]

    def __str__(self) -> str:
        return self.name


class ListTaste(models.Model):
    """How somebody likes lists to look."""

    class Density(models.TextChoices):
        COMFORTABLE = "comfortable", _("Comfortable")
        COMPACT = "compact", _("Compact")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="list_taste")
    density = models.CharField(max_length=12, choices=Density.choices, default=Density.COMFORTABLE)

    def __str__(self) -> str:
        return f"{self.user_id} {self.density}"


class BulkChange(Public):
    """One change of several rows: what each was before, so that it can be taken back."""

    list = models.CharField(max_length=40)
    action = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    before = models.JSONField(help_text="by primary key of the row, ids and plain words only")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.list} {self.action} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("lists:bulk_undo", args=[self.public_id])
