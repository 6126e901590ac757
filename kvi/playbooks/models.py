"""Loops that are open with a customer: what happened, who answers for it, by when, and what came of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from cs_portal.kit.records import Public, Timed, long_text, optional_text


class FollowUp(Public, Timed):
    """One per source, whatever happens to the source afterwards. Of people it holds ids only."""

    class Source(models.TextChoices):
        RESPONSE = "response", _("Answer to a survey")
        MEASUREMENT = "measurement", _("Measurement")
        REPORT = "report", _("Value report")
        HAND = "hand", _("By hand")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    class Outcome(models.TextChoices):
        REACHED = "reached", _("Reached")
        NOT_REACHED = "not_reached", _("Not reached")
        NO_ACTION = "no_action", _("No action needed")
        OTHER = "other", _("Other")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="follow_ups")
    reason = optional_text(verbose_name=_("reason"))
    source = models.CharField(_("source"), max_length=12, choices=Source.choices)
    source_id = models.UUIDField(help_text="public id of what caused it; of one by hand, the key of its form")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups",
        verbose_name=_("owner"),
    )  # fmt: skip
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("deputy"),
    )  # fmt: skip
    due_at = models.DateTimeField(_("due"))
    snoozed_until = models.DateField(_("quiet until"), null=True, blank=True)

    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN, db_default=State.OPEN)
    outcome = optional_text(12, choices=Outcome.choices, verbose_name=_("outcome"))
    note = long_text()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("due_at", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "source_id"], name="one_follow_up_per_source"),
            models.CheckConstraint(condition=~Q(source="hand") | ~Q(reason=""), name="follow_up_by_hand_says_why"),
            models.CheckConstraint(
                condition=Q(state="open", outcome="", closed_at__isnull=True)
                | Q(state="done", closed_at__isnull=False) & ~Q(outcome="")
                | Q(state="cancelled", outcome="", closed_at__isnull=False),
                name="follow_up_done_has_an_outcome",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(state="open"), name="follow_up_open_by_due"),
            models.Index(fields=["customer", "due_at"], name="follow_up_by_customer"),
        ]

    def __str__(self) -> str:
        return self.reason or self._because()

    def _because(self) -> str:
        """Neither name nor score: whoever may read the answer finds it on the customer's page."""
        return {
            self.Source.RESPONSE: gettext("An unhappy answer: call back"),
            self.Source.MEASUREMENT: gettext("A measurement asks for action"),
            self.Source.REPORT: gettext("A value report asks for action"),
        }[self.Source(self.source)]

    def get_absolute_url(self) -> str:
        return reverse("playbooks:follow_up", args=[self.public_id])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_at < timezone.now()
