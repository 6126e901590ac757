"""What customers pay in a period and at its end: counted in SQL, one query for all customers."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import connection

from accounts.revenue.models import ExchangeRate
from accounts.revenue.populations import members
from cs_portal.metrics.base import Period, Scope, Subject
from cs_portal.metrics.revenue import CustomerRevenue, GrowthTally, RevenueTally, converted, pays

# Days of a month are shared out by the length of the month: whole months plus (day - 1) ÷ length at the end,
# minus the same at the start (cs_portal.metrics.periods.months_in).
REVENUE_SQL = """
WITH known AS (
    SELECT customer_id, currency, is_trial, start_date, COALESCE(end_date, 'infinity'::date) AS end_date,
           CASE WHEN is_trial THEN 0 ELSE mrr END AS mrr
    FROM revenue_subscription
    WHERE archived_at IS NULL AND customer_id = ANY(%(customers)s)
      AND start_date <= LEAST(%(last_day)s::date, %(as_of)s::date)
), bounds AS (
    SELECT known.customer_id, known.currency, known.mrr * bound.sign AS mrr,
           EXTRACT(year FROM bound.day) * 12 + EXTRACT(month FROM bound.day) AS month,
           EXTRACT(day FROM bound.day) - 1 AS rest,
           EXTRACT(day FROM date_trunc('month', bound.day::timestamp) + interval '1 month - 1 day') AS length
    FROM known
    CROSS JOIN LATERAL (
        VALUES (LEAST(end_date, %(end)s::date), 1), (GREATEST(start_date, %(start)s::date), -1)
    ) AS bound (day, sign)
    WHERE mrr > 0 AND LEAST(end_date, %(end)s::date) > GREATEST(start_date, %(start)s::date)
), earned AS (
    SELECT customer_id, currency, SUM(mrr * month) AS whole,
           SUM(mrr * rest) FILTER (WHERE length = 28) AS of_28,
           SUM(mrr * rest) FILTER (WHERE length = 29) AS of_29,
           SUM(mrr * rest) FILTER (WHERE length = 30) AS of_30,
           SUM(mrr * rest) FILTER (WHERE length = 31) AS of_31
    FROM bounds
    GROUP BY customer_id, currency
), levels AS (
    SELECT customer_id, currency,
           SUM(mrr) FILTER (WHERE %(last_day)s < end_date) AS closing
    FROM known
    GROUP BY customer_id, currency
)
SELECT customer_id, currency, closing, whole, of_28, of_29, of_30, of_31
FROM levels LEFT JOIN earned USING (customer_id, currency)
ORDER BY customer_id, currency
"""


def customer_revenue(scope: Scope, customers: Collection[int]) -> list[CustomerRevenue]:
    """One entry per customer with a subscription row that starts by E; one query."""
    period = scope.period
    params: dict[str, Any] = {
        "customers": list(customers),
        "start": period.start,
        "end": period.end,
        "last_day": period.last_day,
        "as_of": scope.as_of,
    }
    with connection.cursor() as cursor:
        cursor.execute(REVENUE_SQL, params)
        return list(_per_customer(cursor.fetchall()))


def _per_customer(rows: Iterable[tuple[Any, ...]]) -> Iterable[CustomerRevenue]:
    amounts: dict[int, tuple[dict[str, Any], ...]] = defaultdict(lambda: ({}, {}))
    for customer, currency, closing, *earned in rows:
        figures = closing or 0, _earned(*earned)
        for part, figure in zip(amounts[customer], figures, strict=True):
            part[currency] = figure
    return (CustomerRevenue(customer, *parts) for customer, parts in amounts.items())


def _earned(whole: Decimal | None, *by_length: Decimal | None) -> Fraction:
    parts = (Fraction(amount or 0) / length for length, amount in zip(range(28, 32), by_length, strict=True))
    return sum(parts, Fraction(whole or 0))


def decimal_rates(scope: Scope) -> Mapping[str, Decimal]:
    """Reporting units per unit of each currency on the period's first day; one query."""
    known = ExchangeRate.objects.filter(valid_from__lte=min(scope.period.start, scope.as_of))
    latest = known.order_by("currency", "-valid_from").distinct("currency").values_list("currency", "rate")
    return {**dict(latest), scope.settings.reporting_currency: Decimal(1)}


def rates(scope: Scope) -> Mapping[str, Fraction]:
    """The same as fractions."""
    return {currency: Fraction(rate) for currency, rate in scope.read(decimal_rates).items()}


def revenue_tallies(scope: Scope) -> Mapping[Subject, RevenueTally]:
    """At portfolio, segment and customer level; three queries however many customers."""
    return _revenue_in(scope, scope)


def growth_tallies(scope: Scope) -> Mapping[Subject, GrowthTally]:
    """With the revenue of the period before; one query more."""
    return _since(scope, scope.period.previous())


def year_growth_tallies(scope: Scope) -> Mapping[Subject, GrowthTally]:
    """With the revenue of the same days a year before; one query more."""
    return _since(scope, scope.period.year_before())


def _since(scope: Scope, period: Period | None) -> Mapping[Subject, GrowthTally]:
    now = scope.read(revenue_tallies)
    before = None if period is None else _revenue_in(scope, scope.during(period))
    return {subject: GrowthTally(tally, before and before[subject]) for subject, tally in now.items()}


def _revenue_in(scope: Scope, when: Scope) -> Mapping[Subject, RevenueTally]:
    """Of the scope's subjects and at its rates."""
    group, known = scope.read(members), scope.read(rates)
    found: dict[Subject, list[CustomerRevenue]] = {subject: [] for subject in scope.subjects}
    for revenue in customer_revenue(when, group):
        found[group[revenue.customer_id].subject].append(revenue)
    return {subject: RevenueTally(tuple(customers), known) for subject, customers in found.items()}


def closing_mrr(scope: Scope, customers: Collection[int]) -> dict[int, Fraction | None]:
    """MRR on E of those customers that pay, None where a rate is missing; two queries."""
    known = scope.read(rates)
    paying = [revenue for revenue in customer_revenue(scope, customers) if pays(revenue.closing)]
    return {revenue.customer_id: converted(revenue.closing, known) for revenue in paying}
