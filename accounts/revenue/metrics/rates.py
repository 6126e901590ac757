"""Churn, retention and growth (metrics.md, section 5.4): declarations in the order of that file."""

from accounts.revenue.movements import bridge_tallies
from accounts.revenue.tallies import growth_tallies, revenue_tallies, year_growth_tallies
from cs_portal.metrics import retention, revenue
from cs_portal.metrics.base import Metric

SOURCE = "metrics.md, 5.4"
GROUPS = ("portfolio", "segment")
CUSTOMERS = (*GROUPS, "customer")

METRICS = (
    Metric(
        code="logo_churn_rate",
        names={"de": "Kundenabwanderungsrate", "en": "Logo churn rate"},
        unit="ratio",
        better="lower",
        levels=GROUPS,
        tally=bridge_tallies,
        formula=retention.logo_churn_rate,
        formula_text=(
            "churned_customers ÷ payers on the opening day = L; "
            "1 − (1 − L)^(12 ÷ k) a year, ^(1 ÷ k) a month, k = months"
        ),
        source=SOURCE,
        edge_cases="new customers never enter; the conversions need whole months",
        variants=("period", *retention.CONVERSIONS),
    ),
    Metric(
        code="retention_rate",
        names={"de": "Kundenbindungsrate", "en": "Retention rate"},
        unit="ratio",
        better="higher",
        levels=GROUPS,
        tally=bridge_tallies,
        formula=retention.retention_rate,
        formula_text=(
            "opening payers that pay on E ÷ opening payers; seed_literal: (payers on E − churned) ÷ opening payers"
        ),
        source=SOURCE,
        edge_cases="seed_literal can exceed 1",
        variants=("cohort", "seed_literal"),
    ),
    Metric(
        code="grr",
        names={"de": "Bruttoumsatzbindung", "en": "Gross revenue retention"},
        unit="ratio",
        better="higher",
        levels=CUSTOMERS,
        tally=bridge_tallies,
        formula=retention.grr,
        formula_text=(
            "Σ min(C_i, O_i) ÷ Σ O_i over opening payers; "
            "seed_literal_customers: (payers − churned − contracted) ÷ opening payers"
        ),
        source=SOURCE,
        edge_cases="cohort is never above 1; a customer that did not pay before: nothing to divide by",
        variants=("cohort", "seed_literal_customers"),
    ),
    Metric(
        code="nrr",
        names={"de": "Nettoumsatzbindung", "en": "Net revenue retention"},
        unit="ratio",
        better="higher",
        levels=CUSTOMERS,
        tally=bridge_tallies,
        formula=retention.nrr,
        formula_text=(
            "Σ C_i ÷ Σ O_i over opening payers; seed_literal: (mrr − mrr_churned − mrr_contraction) ÷ mrr_opening"
        ),
        source=SOURCE,
        edge_cases="new and reactivated customers never enter cohort",
        variants=("cohort", "seed_literal"),
    ),
    Metric(
        code="mrr_churn_rate",
        names={"de": "MRR-Abwanderungsrate", "en": "MRR churn rate"},
        unit="ratio",
        better="lower",
        levels=GROUPS,
        tally=bridge_tallies,
        formula=retention.mrr_churn_rate,
        formula_text="mrr_churned ÷ mrr_opening; gross: (mrr_churned + mrr_contraction) ÷ mrr_opening",
        source=SOURCE,
        edge_cases="gross = 1 − grr; the conversions need whole months",
        variants=("churn", "gross", *retention.CONVERSIONS),
    ),
    Metric(
        code="net_mrr_churn_rate",
        names={"de": "Netto-MRR-Abwanderung", "en": "Net MRR churn rate"},
        unit="ratio",
        better="lower",
        levels=GROUPS,
        tally=bridge_tallies,
        formula=retention.net_mrr_churn_rate,
        formula_text=(
            "(mrr_churned + mrr_contraction − mrr_expansion) ÷ mrr_opening; "
            "with_reactivation: less mrr_reactivation too"
        ),
        source=SOURCE,
        edge_cases="default = 1 − nrr; may be negative",
        variants=("default", "with_reactivation"),
    ),
    Metric(
        code="negative_churn",
        names={"de": "Negativer Churn", "en": "Negative churn flag"},
        unit="count",
        better="higher",
        levels=GROUPS,
        tally=bridge_tallies,
        formula=retention.negative_churn,
        formula_text="1 if mrr_expansion > mrr_churned (incl_contraction: > churned + contraction), else 0",
        source=SOURCE,
        edge_cases="no opening MRR: not applicable; equality: 0",
        variants=("expansion_vs_churn", "incl_contraction"),
    ),
    Metric(
        code="quick_ratio",
        names={"de": "Quick Ratio", "en": "Quick ratio"},
        unit="ratio",
        better="higher",
        levels=GROUPS,
        tally=bridge_tallies,
        formula=retention.quick_ratio,
        formula_text="(mrr_new + mrr_reactivation + mrr_expansion) ÷ (mrr_contraction + mrr_churned)",
        source=SOURCE,
        edge_cases="no loss: nothing to divide by",
    ),
    Metric(
        code="recurring_revenue",
        names={"de": "Umsatz im Zeitraum", "en": "Recurring revenue of the period"},
        unit="money",
        better="higher",
        levels=CUSTOMERS,
        tally=revenue_tallies,
        formula=revenue.recurring_revenue,
        formula_text="Σ over days d and customers of M_i(d) ÷ days in d's calendar month",
        source=SOURCE,
        edge_cases="a constant full month gives exactly its MRR; one-off revenue is not covered",
    ),
    Metric(
        code="sales_growth_rate",
        names={"de": "Umsatzwachstum", "en": "Sales growth rate"},
        unit="ratio",
        better="higher",
        levels=CUSTOMERS,
        tally=growth_tallies,
        formula=revenue.sales_growth_rate,
        formula_text=(
            "(recurring_revenue − that of the previous period) ÷ that of the previous period; "
            "mrr: (mrr − mrr_opening) ÷ mrr_opening"
        ),
        source=SOURCE,
        edge_cases="both sides use the rate on this period's first day; no revenue before: nothing to divide by",
        variants=("revenue", "mrr", "year_over_year"),
        variant_tallies={"mrr": bridge_tallies, "year_over_year": year_growth_tallies},
    ),
)
