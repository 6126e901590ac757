"""What was measured. The row holds the latest revision; every earlier one is kept by a trigger."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.integrations.models import LoadRun
from cs_portal.kit.guards import append_only, never_truncated
from cs_portal.kit.records import Record, exact_decimal, flag, long_text, optional_text

from .indicators import Indicator


class Measurement(Record):
    class Status(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("Not confirmed")
        CONFIRMED = "confirmed", _("Confirmed")
        DISPUTED = "disputed", _("Disputed")

    class Origin(models.TextChoices):
        STAFF = "staff", _("Customer success")
        CUSTOMER = "customer", _("Customer")
        API = "api", _("API")
        IMPORT = "import", _("Import")

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="measurements")
    date = models.DateField(_("date"))
    value = exact_decimal(null=True, blank=True, verbose_name=_("value"))
    level = models.IntegerField(_("level"), null=True, blank=True)
    status = models.CharField(
        max_length=11, choices=Status.choices, default=Status.UNCONFIRMED, db_default=Status.UNCONFIRMED
    )
    source = optional_text()
    evidence = optional_text()
    comment = long_text()

    revision = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.STAFF, db_default=Origin.IMPORT)
    touched_in_app = flag()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    dispute_reason = long_text()
    load_run = models.ForeignKey(LoadRun, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-date", "-pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(value__isnull=False, level__isnull=True) | Q(value__isnull=True, level__isnull=False),
                name="measurement_has_value_or_level",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["indicator", "date"], name="measurement_by_date"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Trigger(
                name="measurement_revisions",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=(
                    pgtrigger.Q(old__value__df=pgtrigger.F("new__value"))
                    | pgtrigger.Q(old__level__df=pgtrigger.F("new__level"))
                    | pgtrigger.Q(old__date__df=pgtrigger.F("new__date"))
                ),
                func="""
                    INSERT INTO kvi_measurementrevision
                        (measurement_id, revision, date, value, level, status, comment, entered_by_id, origin, replaced_at)
                    VALUES (OLD.id, OLD.revision, OLD.date, OLD.value, OLD.level, OLD.status, OLD.comment,
                            OLD.entered_by_id, OLD.origin, now());
                    NEW.revision := OLD.revision + 1;
                    RETURN NEW;
                """,  # noqa: E501
            ),
            pgtrigger.Protect(name="measurement_kept", operation=pgtrigger.Delete),
            never_truncated("measurement"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.date}"


class MeasurementRevision(models.Model):
    """A value that was replaced; written by the trigger on Measurement only."""

    measurement = models.ForeignKey(Measurement, on_delete=models.PROTECT, related_name="revisions")
    revision = models.PositiveIntegerField()
    date = models.DateField()
    value = exact_decimal(null=True)
    level = models.IntegerField(null=True)
    status = models.CharField(max_length=11, choices=Measurement.Status.choices)
    comment = models.TextField(blank=True, default="")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    origin = models.CharField(max_length=8, choices=Measurement.Origin.choices)
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ("-revision",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["measurement", "revision"], name="measurement_revisions_are_numbered"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("revision")

    def __str__(self) -> str:
        return f"{self.measurement_id} r{self.revision}"
