"""What the customer wants to reach."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, Customer, UserGroup
from cs_portal.kit.folding import folded
from cs_portal.kit.records import Public, Record, Timed, exact_decimal, long_text, optional_text


class Goal(Record):
    class Scope(models.TextChoices):
        COLLECTIVE = "collective", _("Collective (the company)")
        INDIVIDUAL = "individual", _("Individual (a user group)")

    class Type(models.TextChoices):
        REVENUE_GROWTH = "revenue_growth", _("Revenue growth")
        COST_REDUCTION = "cost_reduction", _("Cost reduction")
        PROCESS_IMPROVEMENT = "process_improvement", _("Process improvement")
        TIME_SAVING = "time_saving", _("Time saving")
        EASIER_WORK = "easier_work", _("Easier work")
        LESS_PRESSURE = "less_pressure", _("Less pressure")
        RISK = "risk", _("Lower risk")
        OTHER = "other", _("Other")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Proposed")
        AGREED = "agreed", _("Agreed")
        ACHIEVED = "achieved", _("Achieved")
        RETIRED = "retired", _("Retired")

    class ReviewCadence(models.TextChoices):
        QUARTERLY = "quarterly", _("Every quarter")
        HALF_YEARLY = "half_yearly", _("Every half-year")
        YEARLY = "yearly", _("Every year")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="goals")
    scope = models.CharField(_("scope"), max_length=10, choices=Scope.choices, default=Scope.COLLECTIVE)
    user_group = models.ForeignKey(
        UserGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="goals", verbose_name=_("user group")
    )
    name = models.CharField(_("name"), max_length=255)
    description = long_text()
    goal_type = optional_text(verbose_name=_("type"))
    weight = exact_decimal(default=1, db_default=1, verbose_name=_("weight"))
    start_date = models.DateField(_("start"))
    retired_on = models.DateField(_("retired on"), null=True, blank=True)

    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, db_default=State.DRAFT)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner on our side"),
    )
    customer_owner = models.ForeignKey(
        Contact,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner on the customer's side"),
    )
    review_cadence = models.CharField(
        _("review"),
        max_length=12,
        choices=ReviewCadence.choices,
        default=ReviewCadence.QUARTERLY,
        db_default=ReviewCadence.QUARTERLY,
    )
    next_review_on = models.DateField(null=True, blank=True)
    closing_note = long_text()

    class Meta:
        ordering = ("start_date", "pk")
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(OpClass(folded("name"), name="gin_trgm_ops"), name="goal_by_words"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(weight__gt=0), name="goal_weight_is_positive"),
            models.CheckConstraint(
                condition=Q(retired_on__isnull=True) | Q(retired_on__gte=F("start_date")),
                name="goal_retires_after_start",
            ),
            models.CheckConstraint(
                condition=Q(scope="individual", user_group__isnull=False)
                | Q(scope="collective", user_group__isnull=True),
                name="individual_goal_has_a_user_group",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("kvi:goal", args=[self.public_id])


class GoalReview(Public, Timed):
    """Is it still your goal? Each answer is kept."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="reviews")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    still_valid = models.BooleanField()
    note = long_text()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.goal_id} {self.created_at:%Y-%m-%d}"
