"""Who uses the vendor's product at a customer: tracked, and pseudonymous unless the vendor's ids say more."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cs_portal.kit.records import LiveRecord, flag
from cs_portal.kit.records import day as calendar_day

from .customers import Customer, UserGroup


class EndUser(LiveRecord):
    """Archiving one hides it and changes no figure; a test user counts nowhere."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="end_users")
    user_group = models.ForeignKey(
        UserGroup,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="end_users",
        verbose_name=_("user group"),
    )
    is_licensed = flag(default=True, verbose_name=_("has a licence"))
    active_from = calendar_day(verbose_name=_("licence from"), null=True, blank=True)
    active_to = calendar_day(
        verbose_name=_("licence until"), null=True, blank=True, help_text=_("The first day without the licence.")
    )
    is_test = flag(verbose_name=_("test user"))

    class Meta:
        ordering = ("external_id", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(active_from__isnull=True) | Q(active_to__isnull=True) | Q(active_to__gte=F("active_from")),
                name="end_user_licence_ends_after_its_start",
                violation_error_code="active_to",
                violation_error_message=_("The licence must not end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.external_id
