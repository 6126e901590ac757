"""The value report: frozen content, its releases, and the files rendered from it."""

from datetime import date, timedelta
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.jobs.models import Job
from accounts.models import Contact, Customer
from cs_portal.kit.guards import append_only, never_truncated
from cs_portal.kit.records import Public, Timed, long_text, optional_text


class ReportState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    RELEASED_BY_CSM = "released_by_csm", _("Released by us, waiting for the customer")
    RELEASED_BY_CUSTOMER = "released_by_customer", _("Released by the customer")
    ISSUED = "issued", _("Issued")


def _frozen_changes() -> pgtrigger.Q:
    """Content after our release, the way back to a draft, and how it was issued after it was."""
    changed = pgtrigger.Q()
    for name in ("content", "content_hash", "comment", "language", "period_start", "period_end", "customer_id"):
        changed |= pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")})
    back = pgtrigger.Q(new__state__in=["draft", "in_review"]) | pgtrigger.Q(
        old__frozen_at__df=pgtrigger.F("new__frozen_at")
    )
    issued = pgtrigger.Q()
    for name in ("state", "issued_at", "issued_without_customer"):
        issued |= pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")})
    released = pgtrigger.Q(old__state__in=["released_by_csm", "released_by_customer", "issued"])
    return released & (changed | back) | pgtrigger.Q(old__state="issued") & issued


class ValueReport(Public, Timed):
    """The period is half-open. ``content`` holds person ids only; names are joined when it is rendered."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="value_reports")
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("until (not included)"))
    language = models.CharField(_("language"), max_length=2)
    state = models.CharField(max_length=20, choices=ReportState.choices, default=ReportState.DRAFT)
    comment = long_text()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField(null=True)
    content_hash = optional_text(64)
    frozen_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    issued_without_customer = models.BooleanField(default=False)

    class Meta:
        ordering = ("-period_end", "-pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(period_end__gt=F("period_start")), name="report_period_has_days"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(
                name="released_report_unchanged", operation=pgtrigger.Update, condition=_frozen_changes()
            ),
            pgtrigger.Protect(
                name="released_report_undeleted",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=["released_by_csm", "released_by_customer", "issued"]),
            ),
            never_truncated("report"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.period_start} {self.period_end}"

    @property
    def last_day(self) -> date:
        return self.period_end - timedelta(days=1)

    def get_absolute_url(self) -> str:
        return reverse("reports:report", args=[self.public_id])


class ReportRelease(Public):
    """One side's release over the content hash."""

    class Side(models.TextChoices):
        STAFF = "staff"
        CUSTOMER = "customer"

    report = models.ForeignKey(ValueReport, on_delete=models.PROTECT, related_name="releases")
    side = models.CharField(max_length=10, choices=Side.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("released_at",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["report", "side"], name="one_release_per_report_and_side"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("release")

    def __str__(self) -> str:
        return f"{self.report_id} {self.side}"


class Rendering(Public, Timed):
    """A file that a job makes of a report. One per report, format and stage."""

    class Stage(models.TextChoices):
        REVIEW = "review"
        ISSUED = "issued"

    report = models.ForeignKey(ValueReport, on_delete=models.PROTECT, related_name="renderings")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="rendering")
    format = models.CharField(max_length=4, default="pdf")
    stage = models.CharField(max_length=10, choices=Stage.choices)
    content_hash = models.CharField(max_length=64)
    file = models.FileField(upload_to="reports/", blank=True)
    file_hash = optional_text(64)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["report", "format", "stage", "content_hash"], name="one_rendering_per_report_and_stage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.stage} {self.format}"
