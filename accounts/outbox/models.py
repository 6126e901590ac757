"""Mail that must go out: the row is the truth, a worker claims it with a lease, a sweep catches up."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
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
