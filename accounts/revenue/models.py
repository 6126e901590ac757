"""What customers pay and cost, why they leave, and dated exchange rates: rows as imported or entered."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from cs_portal.kit.currencies import is_currency
from cs_portal.kit.records import (
    Archivable,
    LiveRecord,
    LiveRows,
    Public,
    Timed,
    day,
    exact_decimal,
    flag,
    long_text,
    not_negative,
    optional_text,
)


class ChangeReason(models.TextChoices):
    NEW = "new", _("new customer")
    UPSELL = "upsell", _("upsell")
    CROSS_SELL = "cross_sell", _("cross-sell")
    ADDON = "addon", _("add-on")
    DOWNGRADE = "downgrade", _("downgrade")
    PRICE_CHANGE = "price_change", _("new price")
    RENEWAL = "renewal", _("renewal")
    REACTIVATION = "reactivation", _("reactivation")
    OTHER = "other", _("another reason")


def currency() -> models.CharField:
    return models.CharField(_("currency"), max_length=3, validators=[is_currency])


class ExchangeRate(Public, Timed, Archivable):
    """Reporting units per one unit of the currency, from a day on."""

    currency = currency()
    valid_from = day(verbose_name=_("valid from"))
    rate = exact_decimal(
        verbose_name=_("rate"),
        help_text=_("What one unit of the currency is worth in the currency we report in."),
    )

    everything = models.Manager()  # first: a day that an archived rate holds is taken
    objects = LiveRows()

    class Meta:
        ordering = ("currency", "-valid_from")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["currency", "valid_from"],
                name="one_rate_per_currency_and_day",
                violation_error_code="valid_from",
                violation_error_message=_("This currency has a rate from this day on, perhaps an archived one."),
            ),
            models.CheckConstraint(
                condition=Q(rate__gt=0),
                name="rate_is_positive",
                violation_error_code="rate",
                violation_error_message=_("The rate must be above 0."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.valid_from}"


class Subscription(LiveRecord):
    """Active on d when start_date <= d and (end_date is empty or d < end_date)."""

    class Kind(models.TextChoices):
        BASE = "base", _("Base")
        ADDON = "addon", _("Add-on")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="subscriptions")
    start_date = day(verbose_name=_("start"))
    end_date = day(
        verbose_name=_("end"), null=True, blank=True, help_text=_("The first day without it; empty while it runs on.")
    )
    mrr = exact_decimal(verbose_name=_("amount per month"), validators=not_negative())
    currency = currency()
    plan = optional_text(verbose_name=_("plan"))
    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices, default=Kind.BASE)
    is_trial = flag(verbose_name=_("trial"))
    change_reason = optional_text(20, verbose_name=_("reason of the change"), choices=ChangeReason.choices)
    seats = models.IntegerField(_("seats"), null=True, blank=True, validators=not_negative())

    class Meta:
        ordering = ("start_date", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(mrr__gte=0), name="subscription_mrr_is_not_negative"),
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(end_date__gte=F("start_date")),
                name="subscription_ends_after_start",
                violation_error_code="end_date",
                violation_error_message=_("The end must lie on or after the start."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["customer", "start_date"], name="subscription_by_customer"),
        ]

    def __str__(self) -> str:
        return self.plan or str(self.get_kind_display())


class ChurnRecord(LiveRecord):
    """Why a customer left, or left a part (metrics.md, section 5.5)."""

    class Reason(models.TextChoices):
        COMPETITOR = "competitor", _("went to a competitor")
        FREEMIUM_DOWNGRADE = "freemium_downgrade", _("went to the free plan")
        BUSINESS_CLOSURE = "business_closure", _("closed the business")
        MISSING_FEATURES = "missing_features", _("features are missing")
        SUPPORT_QUALITY = "support_quality", _("quality of the support")
        PRICE = "price", _("price")
        OTHER = "other", _("another reason")
        UNKNOWN = "unknown", _("not known")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="churn_records")
    date = day(verbose_name=_("date"))
    reason = models.CharField(
        _("reason"), max_length=20, choices=Reason.choices, default=Reason.UNKNOWN, db_default=Reason.UNKNOWN
    )
    comment = long_text(verbose_name=_("comment"))

    class Meta:
        ordering = ("date", "pk")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["customer", "date"], name="churn_record_by_customer"),
        ]

    def __str__(self) -> str:
        return str(capfirst(self.get_reason_display()))


class Cost(LiveRecord):
    """What winning, keeping or serving customers costs; without a customer it is the workspace's."""

    class Category(models.TextChoices):
        ACQUISITION = "acquisition", _("winning customers")
        RETENTION = "retention", _("keeping customers")
        SERVING = "serving", _("serving customers")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="costs")
    date = day(verbose_name=_("date"))
    category = models.CharField(_("category"), max_length=11, choices=Category.choices)
    amount = exact_decimal(verbose_name=_("amount"), validators=not_negative())
    currency = currency()
    channel = optional_text(verbose_name=_("channel"))
    comment = long_text(verbose_name=_("comment"))

    class Meta:
        ordering = ("date", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="cost_is_not_negative"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["date", "category"], name="cost_by_date"),
            models.Index(fields=["customer", "date"], name="cost_by_customer"),
        ]

    def __str__(self) -> str:
        return str(capfirst(self.get_category_display()))
