"""Placeholder by the lead until the metrics room lands: WorkspaceSettings only. Overwrite me."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class WorkspaceSettings:
    """The settings of metrics.md section 4, with their defaults."""

    time_zone: str = "Europe/Berlin"
    reporting_currency: str = "EUR"
    anonymous_min_n: int = 5
    churn_min_customers: int = 30
    fiscal_year_start_month: int = 1
    min_n: int = 5
    gross_margin: Decimal | None = None
    usage_min_n: int = 0
    trial_conversion_days: int = 30
    reopen_window_days: int = 7
    session_gap_minutes: int = 30
    regular_days: int = 4
    regular_window_days: int = 28
    churn_reason_lookback_days: int = 90
    stuck_after_days: int = 14
    health_min_coverage: Decimal = Decimal("0.5")
    health_trend_days: int = 30
    billing_stale_days: int = 45
    kvi_path_tolerance: Decimal = Decimal("0.10")
    seats_full_threshold: Decimal = Decimal("0.9")
    advocate_nps_threshold: Decimal = Decimal(50)
    churn_horizon_days: int = 90
