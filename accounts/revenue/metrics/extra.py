"""Figures of contracts that are answered only when asked for by name (metrics.md, section 11.9)."""

from accounts.revenue.cohorts import cohort_tallies, renewal_tallies
from cs_portal.metrics import cohorts
from cs_portal.metrics.base import Metric, Scope

SOURCE = "metrics.md, 11.9"
GROUPS = ("portfolio", "segment")


def nothing_listed(scope: Scope) -> tuple[str, ...]:
    """The bare code names no month."""
    return ()


METRICS = (
    Metric(
        code="renewals_due",
        names={"de": "Anstehende Verlängerungen", "en": "Renewals due"},
        unit="count",
        better="neither",
        levels=(*GROUPS, "customer"),
        tally=renewal_tallies,
        formula=cohorts.renewals_due,
        formula_text="payers on E whose renewal date lies within the parameter's days after E",
        source=SOURCE,
        edge_cases="the renewal date is the first end of a base row after E on which no other base row runs on",
        parameters=cohorts.DUE_WITHIN,
        has_total=False,
        extra=True,
    ),
    Metric(
        code="cohort_retention",
        names={"de": "Kohortenbindung", "en": "Cohort retention"},
        unit="ratio",
        better="higher",
        levels=GROUPS,
        tally=cohort_tallies,
        formula=cohorts.cohort_retention,
        formula_text=(
            "parameter YYYY-MM+m: share of the customers that first paid in that month who pay on the last day of month"
            " m after it; revenue: their MRR then ÷ their MRR on the last day of month 0"
        ),
        source=SOURCE,
        edge_cases="a month that is not over: incomplete; no customer of that month: no data",
        variants=("customers", "revenue"),
        parameters=nothing_listed,
        accepts=cohorts.is_cohort_month,
        has_total=False,
        extra=True,
    ),
)
