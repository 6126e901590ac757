"""What customers pay: subscription rows as imported or entered, and dated exchange rates."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models import Customer
from cs_portal.kit.records import Record, Timed, exact_decimal, flag, optional_text

CHANGE_REASONS = (
    "new",
    "upsell",
    "cross_sell",
    "addon",
    "downgrade",
    "price_change",
    "renewal",
    "reactivation",
    "other",
)


class ExchangeRate(Timed):
    """Reporting units per one unit of the currency, from a day on."""

    currency = models.CharField(max_length=3)
    valid_from = models.DateField()
    rate = exact_decimal()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["currency", "valid_from"], name="one_rate_per_currency_and_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.valid_from}"


class Subscription(Record):
    """Active on d when start_date <= d and (end_date is empty or d < end_date)."""

    class Kind(models.TextChoices):
        BASE = "base"
        ADDON = "addon"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="subscriptions")
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)
    mrr = exact_decimal()
    currency = models.CharField(max_length=3)
    plan = optional_text()
    kind = models.CharField(max_length=5, choices=Kind.choices, default=Kind.BASE)
    is_trial = flag()
    change_reason = optional_text(20)
    seats = models.IntegerField(null=True, blank=True)

    class Meta:
        ordering = ("start_date", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(mrr__gte=0), name="subscription_mrr_is_not_negative"),
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(end_date__gte=F("start_date")),
                name="subscription_ends_after_start",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["customer", "start_date"], name="subscription_by_customer"),
        ]

    def __str__(self) -> str:
        return self.external_id
