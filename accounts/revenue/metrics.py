"""Declarations of the revenue metrics (metrics.md, section 5.4), in the order of that file."""

from accounts.revenue.tallies import revenue_tallies
from cs_portal.metrics import revenue
from cs_portal.metrics.base import Metric

SOURCE = "metrics.md, 5.4"
CUSTOMERS = ("portfolio", "segment", "customer")
GROUPS = ("portfolio", "segment")

METRICS = (
    Metric(
        code="mrr",
        names={"de": "Wiederkehrender Monatsumsatz", "en": "Monthly recurring revenue"},
        unit="money",
        better="higher",
        levels=CUSTOMERS,
        tally=revenue_tallies,
        formula=revenue.mrr,
        formula_text="Σ C_i; n = payers on E",
        source=SOURCE,
    ),
    Metric(
        code="mrr_opening",
        names={"de": "MRR zu Beginn", "en": "Opening MRR"},
        unit="money",
        better="higher",
        levels=CUSTOMERS,
        tally=revenue_tallies,
        formula=revenue.mrr_opening,
        formula_text="Σ O_i; n = payers on the opening day",
        source=SOURCE,
    ),
    Metric(
        code="arr",
        names={"de": "Wiederkehrender Jahresumsatz", "en": "Annual recurring revenue"},
        unit="money",
        better="higher",
        levels=CUSTOMERS,
        tally=revenue_tallies,
        formula=revenue.arr,
        formula_text="12 × mrr; n = payers on E",
        source=SOURCE,
        aliases={"seed": ("arpa", "annual"), "seed_literal": ("arpa", "annual")},
    ),
    Metric(
        code="arpa",
        names={"de": "Umsatz je Kunde", "en": "Revenue per account"},
        unit="money",
        better="higher",
        levels=GROUPS,
        tally=revenue_tallies,
        formula=revenue.arpa,
        formula_text="mrr ÷ payers on E; annual: 12 × mrr ÷ payers",
        source=SOURCE,
        variants=("monthly", "annual"),
    ),
    Metric(
        code="paying_customers",
        names={"de": "Zahlende Kunden", "en": "Paying customers"},
        unit="count",
        better="higher",
        levels=GROUPS,
        tally=revenue_tallies,
        formula=revenue.paying_customers,
        formula_text="count of payers on E",
        source=SOURCE,
    ),
    Metric(
        code="paying_customers_opening",
        names={"de": "Zahlende Kunden zu Beginn", "en": "Paying customers at opening"},
        unit="count",
        better="higher",
        levels=GROUPS,
        tally=revenue_tallies,
        formula=revenue.paying_customers_opening,
        formula_text="count of payers on the opening day",
        source=SOURCE,
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
    ),
)
