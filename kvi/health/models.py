"""How health is scored: dated models, the list of action points, and overrides (metrics.md, section 10)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Customer
from cs_portal.kit.records import Public, Timed, exact_decimal


class HealthModel(Timed):
    """Inputs with weights that sum to 100, each a metric over a window and a curve; in force from a day on."""

    valid_from = models.DateField(unique=True)
    inputs = models.JSONField()

    class Meta:
        ordering = ("valid_from",)

    def __str__(self) -> str:
        return str(self.valid_from)


class ActionPoints(Timed):
    """The one list of actions with their impact; absent until somebody sets it."""

    singleton = models.BooleanField(primary_key=True, default=True, editable=False)
    window = models.PositiveIntegerField(default=30)
    score_cap = exact_decimal(default=120)
    actions = models.JSONField()

    class Meta:
        verbose_name_plural = "action points"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(singleton=True), name="one_list_of_action_points"),
        ]

    def __str__(self) -> str:
        return f"{len(self.actions)} actions"


class HealthOverride(Public, Timed):
    """A score set by a person for some days; the computed one stays beside it."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="health_overrides")
    score = exact_decimal()
    reason = models.TextField()
    valid_from = models.DateField()
    expires = models.DateField(help_text="exclusive")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("valid_from", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=150), name="override_score_in_range"),
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason"),
            models.CheckConstraint(condition=Q(expires__gt=F("valid_from")), name="override_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.valid_from}"
