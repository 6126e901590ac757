"""Tickets of the vendor's support (metrics.md, section 7)."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, Customer
from cs_portal.kit.records import LiveRecord, exact_decimal, moment, not_negative, optional_text

STEPS = ("opened_at", "first_closed_at", "reopened_at", "closed_at")


class Ticket(LiveRecord):
    """``closed_at`` is empty while it is open; an empty ``resolved`` of a closed one means yes."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="tickets")
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name=_("contact")
    )
    opened_at = moment(verbose_name=_("opened"))
    first_closed_at = moment(
        verbose_name=_("closed for the first time"), null=True, blank=True, help_text=_("Only if it was opened again.")
    )
    reopened_at = moment(verbose_name=_("opened again"), null=True, blank=True)
    closed_at = moment(verbose_name=_("closed"), null=True, blank=True)
    resolved = models.BooleanField(_("resolved"), null=True, blank=True)
    first_contact_solved = models.BooleanField(_("solved at first contact"), null=True, blank=True)
    handling_minutes = exact_decimal(
        verbose_name=_("minutes of work"), null=True, blank=True, validators=not_negative()
    )
    channel = optional_text(verbose_name=_("channel"))
    priority = optional_text(verbose_name=_("priority"))

    class Meta:
        ordering = ("opened_at", "pk")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["customer", "opened_at"], name="ticket_by_customer"),
            models.Index(fields=["customer", "closed_at"], name="ticket_by_closing"),
        ]

    def __str__(self) -> str:
        """Its number; of one made here, whose number nobody knows, the beginning."""
        return self.external_id if len(self.external_id) < 36 else self.external_id[:8]

    def clean(self) -> None:
        """Each step lies on or after those before it."""
        latest = None
        for name in STEPS:
            at = getattr(self, name)
            if at is not None and latest is not None and at < latest:
                raise ValidationError({name: _("This must not lie before what happened earlier.")})
            latest = at or latest
        if self.reopened_at is not None and self.first_closed_at is None:
            raise ValidationError({"first_closed_at": _("A ticket that was opened again was closed before: when?")})
