"""The steps a customer takes until the product works for them, and when they took each (metrics.md, section 9)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, UserGroup
from cs_portal.kit.records import LiveRecord, day, exact_decimal, flag, moment, not_negative, optional_text


def once_per_bearer(field: str, message: Any) -> models.UniqueConstraint:
    """Once among the live steps of the company or of one group, looked at when a whole file is stored."""
    return models.UniqueConstraint(
        fields=["customer", "user_group", field, "archived_at"],
        name=f"onboarding_{field}_once",
        nulls_distinct=False,
        deferrable=models.Deferrable.DEFERRED,
        violation_error_code=field,
        violation_error_message=message,
    )


class OnboardingStep(LiveRecord):
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="onboarding_steps")
    user_group = models.ForeignKey(
        UserGroup,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="onboarding_steps",
        verbose_name=_("user group"),
    )
    step = models.CharField(_("code"), max_length=255, help_text=_("The same for all customers, e.g. import_data."))
    name = optional_text(verbose_name=_("name"))
    position = models.IntegerField(_("position"), validators=not_negative())
    weight = exact_decimal(verbose_name=_("weight"), default=1, db_default=1)
    is_key = flag(verbose_name=_("key step"), help_text=_("Activated is who has taken all key steps."))
    due_on = day(verbose_name=_("due"), null=True, blank=True)
    achieved_at = moment(verbose_name=_("achieved"), null=True, blank=True)

    class Meta:
        ordering = ("user_group", "position", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(weight__gt=0),
                name="onboarding_weight_is_positive",
                violation_error_code="weight",
                violation_error_message=_("The weight must be above 0."),
            ),
            once_per_bearer("step", _("There is a step with this code already.")),
            once_per_bearer("position", _("Another step has this position already.")),
        ]

    def __str__(self) -> str:
        return self.name or self.step
