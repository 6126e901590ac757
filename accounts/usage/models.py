"""What the users of the vendor's product did in it (metrics.md, section 8).

Events and daily rows are facts as they were told. Roll-ups are made of them, per local day and user and per local day,
user and feature; they always say the same as the facts and can be made anew (accounts.usage.rollups).
"""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from accounts.models import Customer, EndUser
from cs_portal.kit.records import exact_decimal, optional_text

# Checking the user of every single row again would take as long as storing the row. The loader has looked them all up,
# and users are archived, not deleted.
LOOSE: dict[str, Any] = {"db_index": False, "db_constraint": False}


class UsageEvent(models.Model):
    """Its customer is the user's. Many rows: no more columns and indexes than the figures need."""

    external_id = models.CharField(max_length=100)
    end_user = models.ForeignKey(EndUser, on_delete=models.PROTECT, related_name="usage_events", **LOOSE)
    name = models.CharField(max_length=255)
    occurred_at = models.DateTimeField()
    feature = optional_text(help_text="Empty: the name.")
    duration_seconds = exact_decimal(null=True, blank=True)
    properties = models.TextField(blank=True, default="", db_default="", help_text="A JSON object as it was sent.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["external_id"], name="usage_event_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["end_user", "occurred_at"], name="usage_event_by_user"),
            BrinIndex(fields=["occurred_at"], name="usage_event_by_time"),
        ]

    def __str__(self) -> str:
        return self.external_id


class UsageDaily(models.Model):
    """A day's use of a feature, by one user or (person-free) by nobody in particular."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="usage_daily", db_index=False)
    end_user = models.ForeignKey(
        EndUser, on_delete=models.PROTECT, null=True, blank=True, related_name="usage_daily", db_index=False
    )
    date = models.DateField()
    feature = models.CharField(max_length=255)
    events = models.IntegerField()
    sessions = models.IntegerField(null=True, blank=True)
    duration_seconds = exact_decimal(null=True, blank=True)
    active_users = models.IntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["customer", "end_user", "date", "feature"], name="usage_daily_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(end_user__isnull=True) | Q(active_users__isnull=True),
                name="usage_daily_counts_users_only_without_one",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["end_user", "date"], name="usage_daily_by_user"),
            models.Index(fields=["date"], condition=Q(end_user__isnull=True), name="usage_daily_person_free"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.end_user_id or ''} {self.date} {self.feature}"


class UserDay(models.Model):
    """A roll-up: everything a user did on a local day. Daily rows count where the day has no event of the user.

    ``sessions`` begin on this day. ``gap_seconds`` lie between events of this day that are no further apart than a
    session allows, ``next_gap_seconds`` between its last event and one of the next day.
    """

    pk = models.CompositePrimaryKey("end_user_id", "day")
    end_user = models.ForeignKey(EndUser, on_delete=models.CASCADE, related_name="days", **LOOSE)
    day = models.DateField()
    events = models.BigIntegerField()
    sessions = models.BigIntegerField()
    duration_seconds = models.DecimalField(max_digits=38, decimal_places=10, null=True)
    gap_seconds = models.DecimalField(max_digits=16, decimal_places=6, db_default=0)
    next_gap_seconds = models.DecimalField(max_digits=16, decimal_places=6, db_default=0)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [BrinIndex(fields=["day"], name="usage_user_day_by_time")]

    def __str__(self) -> str:
        return f"{self.end_user_id} {self.day}"


class FeatureDay(models.Model):
    """A roll-up: how often a user used a feature on a local day; daily rows may say 0 times."""

    pk = models.CompositePrimaryKey("end_user_id", "day", "feature")
    end_user = models.ForeignKey(EndUser, on_delete=models.CASCADE, related_name="feature_days", **LOOSE)
    day = models.DateField()
    feature = models.CharField(max_length=255)
    events = models.BigIntegerField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [BrinIndex(fields=["day"], name="usage_feature_day_by_time")]

    def __str__(self) -> str:
        return f"{self.end_user_id} {self.day} {self.feature}"
