"""Declarations of the health metrics (metrics.md, section 10), in the order of that file."""

from cs_portal.metrics import action_points, billing, health
from cs_portal.metrics.base import Metric
from kvi.health.happenings import action_tallies
from kvi.health.tallies import (
    bill_tallies,
    effective_tallies,
    health_tallies,
    input_names,
    paying_tallies,
    trend_tallies,
)

SOURCE = "metrics.md, 10"
GROUPS = ("portfolio", "segment")
CUSTOMERS = (*GROUPS, "customer")

METRICS = (
    Metric(
        code="health_score",
        names={"de": "Kundengesundheit", "en": "Customer health score"},
        unit="score",
        better="higher",
        levels=CUSTOMERS,
        tally=health_tallies,
        formula=action_points.score_of,
        formula_text=(
            "Σ weight × points ÷ Σ weight over present inputs; portfolio, segment: mean over live customers; "
            "revenue_weighted: Σ M_i(E) × score ÷ Σ M_i(E); action_points: Σ impact × frequency, cut to [0, cap]"
        ),
        source=SOURCE,
        variants=("weighted", "effective", "action_points", "revenue_weighted"),
        variant_levels={"revenue_weighted": GROUPS},
        variant_tallies={
            "effective": effective_tallies,
            "action_points": action_tallies,
            "revenue_weighted": paying_tallies,
        },
    ),
    Metric(
        code="health_coverage",
        names={"de": "Datenabdeckung", "en": "Health coverage"},
        unit="ratio",
        better="higher",
        levels=("customer",),
        tally=health_tallies,
        formula=health.health_coverage,
        formula_text="Σ weights of present inputs ÷ 100",
        source=SOURCE,
    ),
    Metric(
        code="health_contribution",
        names={"de": "Beitrag zur Gesundheit", "en": "Health contribution"},
        unit="score",
        better="higher",
        levels=("customer",),
        tally=health_tallies,
        formula=health.health_contribution,
        formula_text="weight × points of the input ÷ Σ weight over present inputs, 0 when it is missing",
        source=SOURCE,
        parameters=input_names,
        has_total=False,
    ),
    Metric(
        code="health_trend",
        names={"de": "Gesundheitstrend", "en": "Health trend"},
        unit="score",
        better="higher",
        levels=("customer",),
        tally=trend_tallies,
        formula=health.health_trend,
        formula_text="score on E − score health_trend_days earlier, both with the model in force on E",
        source=SOURCE,
    ),
    Metric(
        code="health_band_customers",
        names={"de": "Kunden je Band", "en": "Customers per band"},
        unit="count",
        better="neither",
        levels=GROUPS,
        tally=health_tallies,
        formula=health.health_band_customers,
        formula_text="live customers with a score in the band: red ≤ 40 < yellow ≤ 70 < green ≤ 100 < outstanding",
        source=SOURCE,
        parameters=(*health.BANDS, health.UNKNOWN),
        has_total=False,
    ),
    Metric(
        code="billing_overdue_days",
        names={"de": "Zahlungsrückstand", "en": "Days overdue"},
        unit="days",
        better="lower",
        levels=("customer",),
        tally=bill_tallies,
        formula=billing.billing_overdue_days,
        formula_text="customer.billing_overdue_days, not older than billing_stale_days",
        source=SOURCE,
    ),
)
FURTHER = (
    Metric(
        code="revenue_at_risk",
        names={"de": "Gefährdeter Umsatz", "en": "Revenue at risk"},
        unit="money",
        better="lower",
        levels=CUSTOMERS,
        tally=paying_tallies,
        formula=health.revenue_at_risk,
        formula_text="Σ M_i(E) of live payers whose health band is red",
        source="metrics.md, 11.9",
        extra=True,
    ),
)
