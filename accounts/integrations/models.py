"""What was loaded, when, by whom, from which file."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from cs_portal.kit.records import Public


class LoadRun(Public):
    """One file of one load. Rows that need their provenance point here."""

    file = models.CharField(max_length=100)
    file_hash = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-pk",)
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["started_at"], name="load_run_by_time")]

    def __str__(self) -> str:
        return f"{self.file} {self.started_at:%Y-%m-%d %H:%M}"
