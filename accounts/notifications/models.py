"""What somebody should know: in the application, by mail, or both. It holds ids; words are made when it is read."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from cs_portal.kit.records import Public, Timed


class Channel(models.TextChoices):
    """Also in the application, whichever is chosen, but for the last."""

    APP = "app", _("In the application")
    MAIL = "mail", _("Also by mail at once")
    DIGEST = "digest", _("Also in the daily mail")
    OFF = "off", _("Not at all")


class Notification(Public, Timed):
    """One that its person wants to hear nothing of is kept as well: the same news cannot come a second time."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200, help_text="of the news; one person hears of it once")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, null=True, related_name="+")
    target = models.BigIntegerField(null=True, help_text="the row it is about; its kind knows of which model")
    details = models.JSONField(default=dict, help_text="ids and plain words")
    channel = models.CharField(max_length=6, choices=Channel.choices)
    read_at = models.DateTimeField(null=True)
    digest_on = models.DateField(null=True, help_text="the local day of the mail that it is in")

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "key"], name="one_notification_per_person_and_news"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="notification_unread"),
            models.Index(
                fields=["user"], condition=Q(channel="digest", digest_on__isnull=True), name="notification_for_digest"
            ),
            models.Index(fields=["kind", "target"], name="notification_by_target"),
        ]

    def __str__(self) -> str:
        return self.key


class Preferences(models.Model):
    """What a person chose; a kind that is not in ``channels`` comes as its own default says."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="notification_preferences"
    )
    channels = models.JSONField(default=dict, help_text='{"<kind>": "app" | "mail" | "digest" | "off"}')
    digest_hour = models.PositiveSmallIntegerField(default=8, db_default=8)
    quiet_from = models.PositiveSmallIntegerField(null=True)
    quiet_until = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(digest_hour__lte=23)
                & (Q(quiet_from__isnull=True) | Q(quiet_from__lte=23))
                & (Q(quiet_until__isnull=True) | Q(quiet_until__lte=23)),
                name="notification_hours_are_of_a_day",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="notification_quiet_begins_and_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"preferences of {self.user_id}"
