"""Cohorts by month of the first payment, and contracts that end, counted in SQL (metrics.md, section 11.9)."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db import connection

from accounts.revenue.economics import rows_by_subject
from accounts.revenue.movements import bridge_tallies
from accounts.revenue.populations import subject_params
from accounts.revenue.tallies import decimal_rates
from cs_portal.metrics.base import Scope, Subject
from cs_portal.metrics.cohorts import Cohort, CohortMonth, Cohorts, RenewalTally

# A row counts in each month whose last day it is active on; a cohort's size stands in the row without a number.
COHORTS_SQL = """
WITH paid AS (
    SELECT s.customer_id, s.start_date, LEAST(s.end_date, %(as_of)s::date + 1) AS end_date, s.mrr * rate.now AS amount
    FROM revenue_subscription AS s
    LEFT JOIN unnest(%(currencies)s::text[], %(rates)s::numeric[]) AS rate (currency, now) USING (currency)
    WHERE s.archived_at IS NULL AND s.customer_id = ANY(%(customers)s) AND NOT s.is_trial AND s.mrr > 0
      AND s.start_date <= %(as_of)s AND COALESCE(s.start_date < s.end_date, true)
), cohort AS (
    SELECT customer_id, subject, date_trunc('month', min(start_date)::timestamp) AS month
    FROM paid
    JOIN unnest(%(customers)s::bigint[], %(subjects)s::text[]) AS member (customer_id, subject) USING (customer_id)
    GROUP BY customer_id, subject
), held AS (
    SELECT customer_id, month, sum(amount) AS amount, bool_or(amount IS NULL) AS unrated
    FROM paid
    CROSS JOIN LATERAL generate_series(
        date_trunc('month', start_date::timestamp), date_trunc('month', (end_date - 1)::timestamp), '1 month'
    ) AS month
    WHERE (month + interval '1 month - 1 day')::date < end_date
    GROUP BY customer_id, month
)
SELECT subject, to_char(cohort.month, 'YYYY-MM'), (EXTRACT(year FROM age) * 12 + EXTRACT(month FROM age))::int,
       count(*), COALESCE(sum(amount), 0), count(*) FILTER (WHERE unrated)
FROM cohort
JOIN held USING (customer_id)
CROSS JOIN LATERAL age(held.month, cohort.month) AS age
GROUP BY 1, 2, 3
UNION ALL
SELECT subject, to_char(month, 'YYYY-MM'), NULL, count(*), 0, 0
FROM cohort
GROUP BY 1, 2
"""

# Every base row that ends after E may be the one to renew, unless another base row runs on where it ends (ruling 11).
RENEWALS_SQL = """
WITH known AS (
    SELECT customer_id, kind = 'base' AND NOT is_trial AS base, NOT is_trial AND mrr > 0 AS paid, start_date,
           COALESCE(end_date, 'infinity'::date) AS end_date
    FROM revenue_subscription
    WHERE archived_at IS NULL AND customer_id = ANY(%(customers)s) AND start_date <= %(as_of)s
), renewal AS (
    SELECT customer_id, min(end_date) AS day
    FROM known AS ending
    WHERE base AND %(last_day)s < end_date AND end_date < 'infinity'::date
      AND NOT EXISTS (
          SELECT FROM known AS other
          WHERE other.customer_id = ending.customer_id AND other.base
            AND other.start_date <= ending.end_date AND ending.end_date < other.end_date
      )
    GROUP BY customer_id
)
SELECT subject, count(*) FILTER (WHERE day <= %(last_day)s::date + 30),
       count(*) FILTER (WHERE day <= %(last_day)s::date + 60), count(*) FILTER (WHERE day <= %(last_day)s::date + 90)
FROM renewal
JOIN unnest(%(customers)s::bigint[], %(subjects)s::text[]) AS member (customer_id, subject) USING (customer_id)
WHERE EXISTS (
    SELECT FROM known
    WHERE known.customer_id = renewal.customer_id AND paid AND start_date <= %(last_day)s AND %(last_day)s < end_date
)
GROUP BY subject
"""


def cohort_tallies(scope: Scope) -> Mapping[Subject, Cohorts]:
    """Every cohort with every month up to A, at the rates on the period's first day; one query for all of them."""
    known = scope.read(decimal_rates)
    params = {**subject_params(scope), "currencies": list(known), "rates": list(known.values())}
    sizes: dict[tuple[Subject, str], int] = {}
    months: dict[tuple[Subject, str], dict[int, CohortMonth]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(COHORTS_SQL, params)
        for subject, name, number, *counts in cursor.fetchall():
            if number is None:
                sizes[subject or None, name] = counts[0]
            else:
                months[subject or None, name][number] = CohortMonth(*counts)
    found: dict[Subject, dict[str, Cohort]] = {subject: {} for subject in scope.subjects}
    for (subject, name), size in sizes.items():
        found[subject][name] = Cohort(size, months[subject, name])
    return found


def renewal_tallies(scope: Scope) -> Mapping[Subject, RenewalTally]:
    """One query beside the bridge, which says whether there is a subscription row at all."""
    rows: Mapping[Subject, Any] = rows_by_subject(RENEWALS_SQL, scope)
    none = RenewalTally().due
    return {
        subject: RenewalTally(bridge.is_known, tuple(rows.get(subject, none)))
        for subject, bridge in scope.read(bridge_tallies).items()
    }
