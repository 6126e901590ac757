"""Which way each customer's MRR went in a period, counted in SQL and summed up by class (metrics.md, 5.2 and 5.5)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from accounts.revenue.populations import subject_params
from accounts.revenue.tallies import decimal_rates
from cs_portal.metrics.base import Scope, Subject
from cs_portal.metrics.movements import Bridge, Movement, Share

# "paid" is a row that makes a payer: no trial, more than 0. Without a rate its amount is null and counts as unrated.
# In SQL the portfolio's subject is the empty text, which no segment or external_id is.
BRIDGE_SQL = """
WITH known AS (
    SELECT s.customer_id, s.start_date, COALESCE(s.end_date, 'infinity'::date) AS end_date, s.mrr, rate.now,
           rate.now - rate.before AS rate_change, s.change_reason, NOT s.is_trial AND s.mrr > 0 AS paid,
           NOT s.is_trial AND s.mrr = 0 AS free, NOT s.is_trial AND s.kind = 'base' AS base,
           NOT s.is_trial AND s.kind = 'addon' AS addon,
           s.start_date <= %(opening_day)s AND COALESCE(%(opening_day)s < s.end_date, true) AS opens,
           COALESCE(%(last_day)s < s.end_date, true) AS closes
    FROM revenue_subscription s
    LEFT JOIN unnest(%(currencies)s::text[], %(rates)s::numeric[], %(rates_before)s::numeric[])
        AS rate (currency, now, before) ON rate.currency = s.currency
    WHERE s.archived_at IS NULL AND s.customer_id = ANY(%(customers)s)
      AND s.start_date <= LEAST(%(last_day)s::date, %(as_of)s::date)
), customer AS (
    SELECT customer_id,
           count(*) FILTER (WHERE paid AND opens) > 0 AS opened,
           count(*) FILTER (WHERE paid AND closes) > 0 AS closed,
           COALESCE(sum(mrr * now) FILTER (WHERE paid AND opens), 0) AS opening,
           COALESCE(sum(mrr * now) FILTER (WHERE paid AND closes), 0) AS closing,
           count(*) FILTER (WHERE paid AND opens AND now IS NULL) > 0 AS opening_unrated,
           count(*) FILTER (WHERE paid AND closes AND now IS NULL) > 0 AS closing_unrated,
           bool_or(paid AND start_date < %(start)s AND start_date < end_date) AS paid_before,
           bool_or(paid AND start_date < end_date AND %(start)s < end_date) AS paid_inside,
           bool_or(free AND closes) AS free,
           COALESCE(sum(mrr * now) FILTER (WHERE addon AND closes), 0)
               - COALESCE(sum(mrr * now) FILTER (WHERE addon AND opens), 0) AS addon_change,
           COALESCE(sum(mrr * now) FILTER (WHERE base AND closes AND NOT opens AND change_reason = 'cross_sell'), 0)
               AS cross_sold,
           bool_or(base AND closes AND NOT opens AND change_reason = 'upsell') AS upsold,
           COALESCE(sum(mrr * rate_change) FILTER (WHERE paid AND opens), 0) AS effect,
           count(*) FILTER (WHERE paid AND opens AND rate_change IS NULL) > 0 AS effect_unrated
    FROM known
    GROUP BY customer_id
), classed AS (
    SELECT *, closing - opening AS gain, CASE
        WHEN NOT opened AND closed THEN CASE WHEN paid_before THEN 'reactivation' ELSE 'new' END
        WHEN NOT opened THEN CASE WHEN paid_inside THEN 'intra_period' ELSE 'idle' END
        WHEN NOT closed THEN 'churn'
        WHEN opening_unrated OR closing_unrated THEN 'unrated'
        WHEN closing > opening THEN 'expansion'
        WHEN closing < opening THEN 'contraction'
        ELSE 'none' END AS kind
    FROM customer
), detailed AS (
    SELECT classed.*, subject, CASE
        WHEN kind = 'new' THEN accounts_customer.acquisition_channel
        WHEN kind <> 'churn' THEN ''
        WHEN free THEN 'freemium_downgrade'
        ELSE COALESCE(record.reason, 'unknown') END AS detail
    FROM classed
    JOIN unnest(%(customers)s::bigint[], %(subjects)s::text[]) AS member (customer_id, subject) USING (customer_id)
    JOIN accounts_customer ON accounts_customer.id = customer_id
    LEFT JOIN LATERAL (
        SELECT reason
        FROM revenue_churnrecord
        WHERE archived_at IS NULL AND customer_id = classed.customer_id
          AND date BETWEEN %(start)s::date - %(lookback)s::int AND LEAST(%(last_day)s::date, %(as_of)s::date)
        ORDER BY date DESC, external_id COLLATE "C" DESC
        LIMIT 1
    ) AS record ON kind = 'churn' AND NOT free
), parted AS (
    SELECT detailed.*, addon, cross_sell, CASE WHEN upsold THEN gain - addon - cross_sell ELSE 0 END AS upsell,
           CASE WHEN upsold THEN 0 ELSE gain - addon - cross_sell END AS unspecified
    FROM detailed
    CROSS JOIN LATERAL (SELECT LEAST(gain, GREATEST(0, addon_change)) AS addon) AS first
    CROSS JOIN LATERAL (SELECT LEAST(gain - addon, cross_sold) AS cross_sell) AS second
)
SELECT subject, kind, detail, count(*), sum(opening), sum(closing),
       count(*) FILTER (WHERE opening_unrated), count(*) FILTER (WHERE closing_unrated),
       sum(effect), count(*) FILTER (WHERE effect <> 0), count(*) FILTER (WHERE effect_unrated),
       sum(upsell), count(*) FILTER (WHERE upsell > 0), sum(cross_sell), count(*) FILTER (WHERE cross_sell > 0),
       sum(addon), count(*) FILTER (WHERE addon > 0), sum(unspecified), count(*) FILTER (WHERE unspecified > 0)
FROM parted
GROUP BY subject, kind, detail
"""

# A change is a day on which a row starts or ends; the first of a customer is the first day that was ever paid.
# Without a rate the days between two changes are undecided as well, as soon as two of them are compared.
DAILY_SQL = """
WITH paid AS (
    SELECT s.customer_id, s.start_date, COALESCE(s.end_date, 'infinity'::date) AS end_date,
           COALESCE(s.mrr * rate.now, 0) AS amount, (rate.now IS NULL)::int AS unrated
    FROM revenue_subscription s
    LEFT JOIN unnest(%(currencies)s::text[], %(rates)s::numeric[]) AS rate (currency, now) USING (currency)
    WHERE s.archived_at IS NULL AND s.customer_id = ANY(%(customers)s) AND NOT s.is_trial AND s.mrr > 0
      AND s.start_date <= LEAST(%(last_day)s::date, %(as_of)s::date)
      AND s.start_date < COALESCE(s.end_date, 'infinity'::date)
), change AS (
    SELECT customer_id, day, sum(sign * amount) AS amount, sum(sign * unrated) AS unrated, sum(sign) AS rows
    FROM paid
    CROSS JOIN LATERAL (VALUES (start_date, 1), (end_date, -1)) AS bound (day, sign)
    WHERE day <= %(last_day)s
    GROUP BY customer_id, day
), level AS (
    SELECT customer_id, day, amount, unrated, rows, sum(amount) OVER so_far AS closing,
           sum(unrated) OVER so_far AS unrated_now, sum(rows) OVER so_far AS rows_now,
           row_number() OVER so_far = 1 AS is_first,
           COALESCE(lead(day) OVER so_far, %(last_day)s::date + 1) AS next_day
    FROM change
    WINDOW so_far AS (PARTITION BY customer_id ORDER BY day)
), movement AS (
    SELECT customer_id, closing - amount AS opening, closing, unrated_now <> unrated AS opening_unrated,
           unrated_now > 0 AS closing_unrated, CASE
        WHEN is_first THEN 'new'
        WHEN rows_now = rows THEN 'reactivation'
        WHEN rows_now = 0 THEN 'churn'
        WHEN unrated_now > 0 OR unrated_now <> unrated THEN 'unrated'
        WHEN amount > 0 THEN 'expansion'
        WHEN amount < 0 THEN 'contraction'
        ELSE 'none' END AS kind
    FROM level
    WHERE day >= %(start)s
    UNION ALL
    SELECT customer_id, 0, 0, true, true, 'unrated'
    FROM level
    WHERE unrated_now > 0 AND next_day - GREATEST(day, %(opening_day)s::date) >= 2
)
SELECT subject, kind, '', count(DISTINCT customer_id), sum(opening), sum(closing),
       count(*) FILTER (WHERE opening_unrated), count(*) FILTER (WHERE closing_unrated), count(*)
FROM movement
JOIN unnest(%(customers)s::bigint[], %(subjects)s::text[]) AS member (customer_id, subject) USING (customer_id)
GROUP BY subject, kind
"""
PARTS = ("upsell", "cross_sell", "addon", "unspecified")  # as the statement gives them


def bridge_tallies(scope: Scope) -> Mapping[Subject, Bridge]:
    """Variant ``net`` at portfolio, segment and customer level; four queries however many customers."""
    before = scope.during(scope.period.previous()).read(decimal_rates)
    rows = _rows(BRIDGE_SQL, scope, rates_before=[before.get(currency) for currency in scope.read(decimal_rates)])
    return _by_subject(scope, ((subject, _net(*row)) for subject, *row in rows))


def daily_tallies(scope: Scope) -> Mapping[Subject, Bridge]:
    """Variant ``daily``: every day compared with the one before; one query more."""
    moves = _by_subject(scope, ((subject, _daily(*row)) for subject, *row in _rows(DAILY_SQL, scope)))
    known = scope.read(bridge_tallies)
    idle = (Movement("idle"),)
    return {
        subject: Bridge(moves[subject].movements + idle) if bridge.is_known else bridge
        for subject, bridge in known.items()
    }


def _rows(statement: str, scope: Scope, **more: Any) -> list[tuple[Any, ...]]:
    known = scope.read(decimal_rates)
    params = {
        **subject_params(scope),
        **more,
        "currencies": list(known),
        "rates": list(known.values()),
        "opening_day": scope.period.opening_day,
        "lookback": scope.settings.churn_reason_lookback_days,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _by_subject(scope: Scope, rows: Iterable[tuple[str, Movement]]) -> dict[Subject, Bridge]:
    found: dict[Subject, list[Movement]] = defaultdict(list)
    for subject, movement in rows:
        found[subject or None].append(movement)
    return {subject: Bridge(tuple(found[subject])) for subject in scope.subjects}


def _net(kind: str, detail: str, customers: int, *sums: Any) -> Movement:
    levels, effect, parts = sums[:4], Share(*sums[4:6]), sums[7:]
    shares = zip(parts[::2], parts[1::2], strict=True)
    subtypes = {name: Share(*share) for name, share in zip(PARTS, shares, strict=True)} if kind == "expansion" else {}
    return Movement(kind, detail, customers, customers, *levels, subtypes, effect, sums[6])


def _daily(kind: str, detail: str, customers: int, *sums: Any) -> Movement:
    return Movement(kind, detail, customers, sums[-1], *sums[:4])
