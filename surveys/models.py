"""Surveys, who was asked, and what they said."""

from datetime import date, timedelta
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, Customer
from cs_portal.kit.guards import never_truncated
from cs_portal.kit.records import Public, Record, Timed, flag, long_text, optional_text


class Kind(models.TextChoices):
    NPS = "nps", "NPS"
    CSAT = "csat", "CSAT"
    CES = "ces", "CES"


class Survey(Record):
    """An import names a survey by its external_id only; the name is then that id."""

    name = optional_text(verbose_name=_("name"))

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name or self.external_id


class SurveyScale(models.Model):
    """The scale of one kind of answer in a survey: fixed by the first accepted row (metrics.md 6 rule 4)."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="scales")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    scale_min = models.IntegerField()
    scale_max = models.IntegerField()
    high_from = models.IntegerField(null=True)
    reversed = flag()
    anonymous = flag()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["survey", "kind"], name="one_scale_per_survey_and_kind"),
            models.CheckConstraint(condition=Q(scale_min__lt=F("scale_max")), name="scale_rises"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.scale_min}-{self.scale_max}"


class SurveyVersion(Timed):
    """The texts as they were sent, per language; never changed, only followed by the next version."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=4, choices=Kind.choices)
    content = models.JSONField(
        help_text='{"de": {"title", "intro", "question", "low", "high", "comment", "thanks"}, ...}'
    )

    class Meta:
        ordering = ("survey", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["survey", "number"], name="survey_versions_are_numbered"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="survey_version_is_final", operation=pgtrigger.Update),
            never_truncated("survey_version"),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} v{self.number}"


class Wave(Public, Timed):
    """One sending of a survey version to a set of contacts."""

    version = models.ForeignKey(SurveyVersion, on_delete=models.PROTECT, related_name="waves")
    name = models.CharField(_("name"), max_length=255)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name

    @property
    def last_day(self) -> date | None:
        """The last day on which its links work, in the reader's time zone."""
        return timezone.localtime(self.closes_at - timedelta(seconds=1)).date() if self.closes_at else None


class Invitation(Record):
    """Someone was asked. An imported one has no wave and no token; sent_at is empty until our mail has gone out."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="invitations")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations")
    channel = optional_text()
    sent_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    is_test = flag()

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations")
    token_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    token_generation = models.PositiveIntegerField(default=0, db_default=0)
    expires_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-sent_at", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False) | Q(customer__isnull=False), name="invitation_names_somebody"
            ),
            models.CheckConstraint(
                condition=Q(bounced_at__isnull=True) | Q(bounced_at__gte=F("sent_at")), name="bounce_follows_sending"
            ),
            models.UniqueConstraint(
                fields=["wave", "contact"], condition=Q(wave__isnull=False), name="one_invitation_per_wave_and_contact"
            ),
        ]

    def __str__(self) -> str:
        return self.external_id


class Response(Record):
    """One scored answer. Of an anonymous one only the local date is kept (``answered_on``, no time)."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="responses")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    anonymous = flag()
    invitation = models.ForeignKey(
        Invitation, on_delete=models.PROTECT, null=True, blank=True, related_name="responses"
    )
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="responses")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="responses")
    score = models.IntegerField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True, help_text="anonymous answers only")
    comment = long_text()
    language = optional_text()
    is_test = flag()
    is_disqualified = flag()
    given_here = models.BooleanField(
        default=False, db_default=False, help_text="by the link's page; what a load brought is history"
    )

    class Meta:
        ordering = ("-answered_at", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["invitation", "kind"],
                condition=Q(invitation__isnull=False),
                name="one_response_per_invitation_and_kind",
            ),
            models.CheckConstraint(
                condition=Q(anonymous=False, answered_at__isnull=False, answered_on__isnull=True)
                | Q(
                    anonymous=True,
                    answered_at__isnull=True,
                    answered_on__isnull=False,
                    contact__isnull=True,
                    invitation__isnull=True,
                ),
                name="anonymous_response_keeps_no_time_and_no_person",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "answered_at"], name="response_by_time"),
            models.Index(fields=["customer"], name="response_by_customer"),
        ]

    def __str__(self) -> str:
        return self.external_id
