"""Who did what: ids only, never personal values; each row carries the hash of the one before."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models

from cs_portal.kit.guards import append_only


class AuditEntry(models.Model):
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=64)
    target_type = models.CharField(max_length=64)
    target_id = models.CharField(max_length=64)
    details = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True, default="")
    origin = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="the network it came from, never an address"
    )
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name_plural = "audit entries"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["target_type", "target_id"], name="audit_by_target"),
            models.Index(fields=["verb", "-id"], name="audit_by_verb"),
            models.Index(fields=["at"], name="audit_by_time"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("audit")

    def __str__(self) -> str:
        return f"{self.verb} {self.target_type} {self.target_id}"
