"""Mail that must go out: the row is the truth, a worker claims it with a lease, a sweep catches up."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from cs_portal.kit.leases import Leased
from cs_portal.kit.records import Public, Timed


class OutboxMail(Public, Timed, Leased):
    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        CLAIMED = "claimed", _("Being sent")
        SENT = "sent", _("Sent")
        PARKED = "parked", _("Parked")
        DISMISSED = "dismissed", _("Dismissed")

    class Reason(models.TextChoices):
        """Why it is parked."""

        SENSELESS = "senseless", _("It is no longer needed, or its receiver cannot be written to.")
        REFUSED = "refused", _("The mail server refuses it for good. Usually the address does not exist.")
        UNKNOWN = "unknown", _("The connection was cut twice while it was handed over: it may have been sent.")
        EXHAUSTED = "exhausted", _("It failed at every try.")
        KILLED = "killed", _("The worker ended during each of its tries.")

    TAKEN = State.CLAIMED

    key = models.CharField(max_length=200, unique=True)
    purpose = models.CharField(max_length=40)
    template = models.CharField(max_length=80)
    language = models.CharField(max_length=2)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    context = models.JSONField(
        default=dict, help_text="ids and plain values; names and secret links are made at sending"
    )
    message_id = models.CharField(max_length=200)

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    maybe_sent = models.BooleanField(default=False, help_text="a worker died after claiming: the outcome is unknown")
    sent_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True, default="", db_default="")

    class Meta:
        ordering = ("-pk",)
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(state__in=["waiting", "claimed"]), name="outbox_open"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False, user__isnull=True) | Q(contact__isnull=True, user__isnull=False),
                name="outbox_mail_has_one_recipient",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class SuppressedAddress(Public, Timed):
    """The one place that keeps an address without its person: nobody may be written to by accident after an erasure."""

    class Why(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", _("Unsubscribed from surveys")
        BOUNCED = "bounced", _("The address does not exist")
        COMPLAINED = "complained", _("Marked our mail as spam")
        HAND = "hand", _("Added by hand")

    address = models.CharField(_("e-mail address"), max_length=254)
    why = models.CharField(_("reason"), max_length=12, choices=Why.choices)
    note = models.CharField(_("note"), max_length=255, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    removed_note = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["address"], condition=Q(removed_at__isnull=True), name="one_live_suppression_per_address"
            ),
            models.CheckConstraint(condition=Q(address=Lower("address")), name="suppressed_address_is_lower_case"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
