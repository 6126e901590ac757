"""The one row of settings of an installation (metrics.md, section 4)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cs_portal.kit.records import Timed, flag, optional_text


def bounded(low: int, high: int | None, default: int) -> models.IntegerField:
    validators = [MinValueValidator(low)] + ([MaxValueValidator(high)] if high is not None else [])
    return models.IntegerField(default=default, db_default=default, validators=validators)


def share(default: str, high: int = 1, low: int = 0) -> models.DecimalField:
    return models.DecimalField(
        max_digits=28,
        decimal_places=10,
        default=default,
        validators=[MinValueValidator(low), MaxValueValidator(high)],
    )


def https_link() -> models.CharField:
    return optional_text(500, validators=[URLValidator(schemes=["https"])])


class Strategy(models.TextChoices):
    """What the company tries to reach with customer success at present."""

    STABILITY = "stability", _("Stability")
    FIT = "product_market_fit", _("Product-market fit")
    PROFITABILITY = "profitability", _("Profitability")


class Workspace(Timed):
    singleton = models.BooleanField(primary_key=True, default=True, editable=False)
    name = models.CharField(max_length=255, blank=True, default="")
    sender = models.EmailField(blank=True, default="")
    default_language = models.CharField(max_length=2, default="en")
    sender_name = optional_text(100)
    imprint_url = https_link()
    privacy_url = https_link()
    strategy = optional_text(20, choices=Strategy.choices)
    holiday_region = optional_text(10, help_text="one of kit.working_days.REGIONS")
    clocks_rest = flag(help_text="clocks of follow-ups stand still on days without work")
    mfa_roles = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    setup_step = optional_text(20, help_text="where the first administrator goes on; empty when done")
    made_by_demo = models.BooleanField(default=False, db_default=False)

    time_zone = models.CharField(max_length=64, default="Europe/Berlin")
    reporting_currency = models.CharField(max_length=3, default="EUR")
    anonymous_min_n = bounded(5, 50, 5)
    churn_min_customers = bounded(30, None, 30)
    fiscal_year_start_month = bounded(1, 12, 1)
    min_n = bounded(2, 50, 5)
    gross_margin = models.DecimalField(max_digits=28, decimal_places=10, null=True, blank=True)
    usage_min_n = bounded(0, 50, 0)
    trial_conversion_days = bounded(1, 365, 30)
    reopen_window_days = bounded(1, 90, 7)
    session_gap_minutes = bounded(1, 240, 30)
    regular_days = bounded(1, 90, 4)
    regular_window_days = bounded(1, 90, 28)
    churn_reason_lookback_days = bounded(0, 365, 90)
    stuck_after_days = bounded(1, 180, 14)
    health_min_coverage = share("0.5")
    health_trend_days = bounded(1, 365, 30)
    billing_stale_days = bounded(1, 365, 45)
    kvi_path_tolerance = share("0.10")
    seats_full_threshold = share("0.9", high=2)
    advocate_nps_threshold = share("50", high=100, low=-100)
    churn_horizon_days = bounded(30, 365, 90)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(singleton=True), name="workspace_is_one_row"),
            models.CheckConstraint(
                condition=models.Q(regular_days__lte=models.F("regular_window_days")),
                name="workspace_regular_days_fit_their_window",
            ),
        ]

    def __str__(self) -> str:
        return self.name or "workspace"
