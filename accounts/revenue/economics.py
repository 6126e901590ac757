"""Costs, lifetimes and trials per subject, counted in SQL (metrics.md, section 5.6)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from accounts.revenue.models import Cost
from accounts.revenue.movements import bridge_tallies
from accounts.revenue.populations import chosen_customers, subject_params
from accounts.revenue.tallies import rates, revenue_tallies
from cs_portal.metrics.base import Scope, Subject
from cs_portal.metrics.economics import (
    CostSum,
    CostTally,
    EconomicsTally,
    Lifetimes,
    LifetimeTally,
    ProfitTally,
    TrialTally,
)

# Days that several rows cover count once, gaps between them not at all.
LIFETIMES_SQL = """
WITH paid AS (
    SELECT customer_id, range_agg(daterange(start_date, end_date)) AS days
    FROM revenue_subscription
    WHERE archived_at IS NULL AND customer_id = ANY(%(customers)s) AND NOT is_trial AND mrr > 0
      AND start_date <= LEAST(%(last_day)s::date, %(as_of)s::date) AND start_date < COALESCE(end_date, 'infinity'::date)
    GROUP BY customer_id
    HAVING max(COALESCE(end_date, 'infinity'::date)) <= %(last_day)s
)
SELECT subject, count(DISTINCT customer_id), sum(upper(stretch) - lower(stretch))
FROM paid
CROSS JOIN unnest(days) AS stretch
JOIN unnest(%(customers)s::bigint[], %(subjects)s::text[]) AS member (customer_id, subject) USING (customer_id)
GROUP BY subject
"""

# A trial that is never active opens a cohort as well (ruling 6).
TRIALS_SQL = """
WITH paid AS (
    SELECT customer_id, start_date, COALESCE(end_date, 'infinity'::date) AS end_date
    FROM revenue_subscription
    WHERE archived_at IS NULL AND customer_id = ANY(%(customers)s) AND NOT is_trial AND mrr > 0
      AND start_date <= %(as_of)s AND start_date < COALESCE(end_date, 'infinity'::date)
), cohort AS (
    SELECT customer_id, min(start_date) AS day
    FROM revenue_subscription AS trial
    WHERE archived_at IS NULL AND customer_id = ANY(%(customers)s) AND is_trial
      AND start_date BETWEEN %(start)s AND LEAST(%(last_day)s::date, %(as_of)s::date)
      AND NOT EXISTS (
          SELECT FROM paid
          WHERE paid.customer_id = trial.customer_id
            AND paid.start_date <= trial.start_date - 1 AND trial.start_date - 1 < paid.end_date
      )
    GROUP BY customer_id
), judged AS (
    SELECT customer_id, day + %(days)s::int <= %(as_of)s AS is_over, EXISTS (
        SELECT FROM paid
        WHERE paid.customer_id = cohort.customer_id
          AND paid.start_date <= cohort.day + %(days)s::int AND cohort.day < paid.end_date
    ) AS converted
    FROM cohort
)
SELECT subject, count(*), count(*) FILTER (WHERE is_over), count(*) FILTER (WHERE is_over AND converted)
FROM judged
JOIN unnest(%(customers)s::bigint[], %(subjects)s::text[]) AS member (customer_id, subject) USING (customer_id)
GROUP BY subject
"""


def rows_by_subject(statement: str, scope: Scope, **more: Any) -> Mapping[Subject, Sequence[Any]]:
    """One row of counts per subject that has any; one query."""
    with connection.cursor() as cursor:
        cursor.execute(statement, {**subject_params(scope), **more})
        return {subject or None: counts for subject, *counts in cursor.fetchall()}


def lifetimes(scope: Scope) -> Mapping[Subject, Lifetimes]:
    """Of those customers that have ended; one query more than the population."""
    rows = rows_by_subject(LIFETIMES_SQL, scope)
    return {subject: Lifetimes(*rows.get(subject, ())) for subject in scope.subjects}


def lifetime_tallies(scope: Scope) -> Mapping[Subject, LifetimeTally]:
    """Beside the bridge."""
    known = scope.read(lifetimes)
    return {subject: LifetimeTally(bridge, known[subject]) for subject, bridge in scope.read(bridge_tallies).items()}


def trial_tallies(scope: Scope) -> Mapping[Subject, TrialTally]:
    """One query beside the bridge, which says whether there is a subscription row at all."""
    rows = rows_by_subject(TRIALS_SQL, scope, days=scope.settings.trial_conversion_days)
    known = scope.read(bridge_tallies)
    return {subject: TrialTally(known[subject].is_known, *rows.get(subject, ())) for subject in scope.subjects}


# --- costs -----------------------------------------------------------------------------------------


def _costs(scope: Scope) -> QuerySet[Cost]:
    """The portfolio's are all but those of test customers; a segment's or a filter's name one of its customers."""
    counted = chosen_customers(scope, "customer__")
    if scope.level == "portfolio" and not scope.is_filtered:
        counted |= Q(customer__isnull=True)
    return Cost.objects.filter(counted, date__gte=scope.period.start, date__lte=min(scope.period.last_day, scope.as_of))


def cost_tallies(scope: Scope) -> Mapping[Subject, CostTally]:
    """By category and channel; one query beside the rates."""
    names = {"segment": ["customer__segment"], "customer": ["customer__external_id"]}.get(scope.level, [])
    keys = "category", "channel", *names
    rows = _costs(scope).order_by().values_list(*keys, "currency").annotate(spent=Sum("amount"))
    found: dict[Subject, dict[tuple[str, str], dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    for category, channel, *name, currency, spent in rows:
        found[name[0] if name else None][category, channel][currency] = spent
    known = scope.read(rates)
    return {
        subject: CostTally(tuple(CostSum(*key, amounts) for key, amounts in found[subject].items()), known)
        for subject in scope.subjects
    }


def acquisition_channels(scope: Scope) -> list[str]:
    """Every channel of an acquisition cost dated up to E, of test customers too, by code point; one query."""
    known = Cost.objects.filter(category=Cost.Category.ACQUISITION, date__lte=min(scope.period.last_day, scope.as_of))
    return sorted(known.exclude(channel="").order_by().values_list("channel", flat=True).distinct())


def economics_tallies(scope: Scope) -> Mapping[Subject, EconomicsTally]:
    """Bridge, costs and lifetimes together."""
    costs, ended = scope.read(cost_tallies), scope.read(lifetimes)
    return {
        subject: EconomicsTally(bridge, costs[subject], ended[subject])
        for subject, bridge in scope.read(bridge_tallies).items()
    }


def profit_tallies(scope: Scope) -> Mapping[Subject, ProfitTally]:
    """Revenue and costs together."""
    costs = scope.read(cost_tallies)
    return {subject: ProfitTally(revenue, costs[subject]) for subject, revenue in scope.read(revenue_tallies).items()}
