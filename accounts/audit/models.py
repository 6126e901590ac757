"""Who did what, as ids and never as personal values, each row with the hash of the one before; and what it changed."""

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
    transaction = models.UUIDField(null=True, editable=False, help_text="set by the database; no part of the hash")

    class Meta:
        ordering = ("-pk",)
        verbose_name_plural = "audit entries"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["target_type", "target_id"], name="audit_by_target"),
            models.Index(fields=["verb", "-id"], name="audit_by_verb"),
            models.Index(fields=["at"], name="audit_by_time"),
            models.Index(fields=["transaction"], name="audit_by_transaction"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *append_only("audit"),
            pgtrigger.Trigger(
                name="audit_transaction",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    NEW.transaction := audit_transaction();
                    PERFORM set_config('cs.audit_entry', NEW.id::text, true);
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.target_type} {self.target_id}"


class RecordChange(models.Model):
    """Which columns of a row became what; written by the triggers of accounts.audit.keeping only.

    ``fields`` is {column: [old, new]} as texts, lists or mappings, of a personal column {column: null}.
    ``after_entry`` is the audit's latest entry of the same transaction at that moment: what a change belongs to is
    recorded after it.
    """

    at = models.DateTimeField()
    transaction = models.UUIDField()
    after_entry = models.BigIntegerField(null=True)
    target_type = models.CharField(max_length=64)
    target_id = models.BigIntegerField()
    fields = models.JSONField()

    class Meta:
        ordering = ("-pk",)
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["target_type", "target_id", "-id"], name="change_by_target"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("change")

    def __str__(self) -> str:
        return f"{self.target_type} {self.target_id}"
