"""Usage per subject, counted in SQL from the roll-ups: as many queries for thirty subjects as for one."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from django.db import connection

from accounts.models import UserGroup
from accounts.revenue.populations import members
from accounts.revenue.tallies import customer_revenue
from cs_portal.metrics.base import Scope, Subject
from cs_portal.metrics.revenue import pays
from cs_portal.metrics.usage import MONTH, MOST_MINUTES, WEEK, FeatureTally, UsageTally, Window

# The subjects as customers (or groups), and their users: test users count nowhere.
USERS_SQL = """
WITH chosen AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(names)s::text[]) AS chosen (id, subject)
), users AS (
    SELECT chosen.subject, end_user.id, end_user.customer_id,
           end_user.is_licensed AND coalesce(end_user.active_from <= %(last_day)s, true)
               AND coalesce(end_user.active_to > %(last_day)s, true) AS licensed
    FROM chosen JOIN accounts_enduser AS end_user ON (end_user.customer_id = chosen.id AND NOT %(by_group)s)
        OR (end_user.user_group_id = chosen.id AND %(by_group)s)
    WHERE NOT end_user.is_test
), seats AS (
    SELECT customer_id, sum(seats) AS seats FROM revenue_subscription
    WHERE archived_at IS NULL AND NOT is_trial AND seats IS NOT NULL AND start_date <= %(last_day)s
      AND (end_date IS NULL OR end_date > %(last_day)s)
    GROUP BY customer_id
)
"""

# Gaps that reach into a day after A are not known on A.
ACTIVITY_SQL = """
, active AS (
    SELECT users.subject, users.licensed, users.customer_id,
           count(*) FILTER (WHERE day >= %(start)s) AS period_rows,
           count(*) FILTER (WHERE day >= %(start)s AND events > 0) AS period_days,
           count(*) FILTER (WHERE day >= %(week)s) AS week_rows,
           count(*) FILTER (WHERE day >= %(week)s AND events > 0) AS week_days,
           count(*) FILTER (WHERE day >= %(month)s) AS month_rows,
           count(*) FILTER (WHERE day >= %(month)s AND events > 0) AS month_days,
           count(*) FILTER (WHERE day >= %(regular)s) AS regular_rows,
           count(*) FILTER (WHERE day >= %(regular)s AND events > 0) AS regular_days,
           sum(events) FILTER (WHERE day >= %(start)s) AS events,
           sum(sessions) FILTER (WHERE day >= %(start)s AND events > 0) AS sessions,
           sum(least(%(most)s, coalesce(
               duration_seconds, gap_seconds + CASE WHEN day < %(as_of)s THEN next_gap_seconds ELSE 0 END
           ))) FILTER (WHERE day >= %(start)s AND events > 0) AS seconds
    FROM users JOIN usage_userday ON usage_userday.end_user_id = users.id
    WHERE day >= %(earliest)s AND day <= %(latest)s
    GROUP BY users.subject, users.id, users.licensed, users.customer_id
)
SELECT subject,
       count(*) FILTER (WHERE period_days > 0), sum(period_days), bool_or(period_rows > 0),
       count(*) FILTER (WHERE week_days > 0), sum(week_days), bool_or(week_rows > 0),
       count(*) FILTER (WHERE month_days > 0), sum(month_days), bool_or(month_rows > 0),
       count(*) FILTER (WHERE regular_days > 0), sum(regular_days), bool_or(regular_rows > 0),
       count(*) FILTER (WHERE regular_days >= %(regular_days)s),
       count(*) FILTER (WHERE regular_days >= %(regular_days)s AND licensed),
       coalesce(sum(events), 0), coalesce(sum(sessions), 0), coalesce(sum(seconds), 0),
       count(*) FILTER (WHERE period_days > 0 AND licensed),
       count(*) FILTER (WHERE period_days > 0 AND licensed AND seats.seats IS NOT NULL)
FROM active LEFT JOIN seats USING (customer_id)
GROUP BY subject
"""

LICENCES_SQL = """
SELECT subject, count(*) FILTER (WHERE licensed) FROM users GROUP BY subject
"""

SEATS_SQL = """
SELECT subject, sum(seats) FROM chosen JOIN seats ON seats.customer_id = chosen.id AND NOT %(by_group)s GROUP BY subject
"""

# Rows of nobody in particular, per customer and day.
PERSON_FREE_SQL = """
, days AS (
    SELECT subject, date AS day, max(active_users) AS users,
           sum(events) FILTER (WHERE active_users IS NOT NULL) AS events
    FROM chosen JOIN usage_usagedaily AS daily ON daily.customer_id = chosen.id AND NOT %(by_group)s
    WHERE end_user_id IS NULL AND date >= %(earliest)s AND date <= %(latest)s
    GROUP BY subject, customer_id, date
)
SELECT subject, bool_or(day >= %(start)s), bool_or(day >= %(week)s), bool_or(day >= %(month)s),
       bool_or(day >= %(regular)s), coalesce(sum(users) FILTER (WHERE day >= %(start)s), 0),
       coalesce(sum(events) FILTER (WHERE day >= %(start)s), 0),
       coalesce(bool_or(users IS NOT NULL) FILTER (WHERE day >= %(start)s), false)
FROM days GROUP BY subject
"""

KNOWN_SQL = """
SELECT EXISTS (SELECT FROM usage_userday WHERE day <= %(latest)s)
    OR EXISTS (SELECT FROM usage_usagedaily WHERE end_user_id IS NULL AND date <= %(latest)s)
"""

SEEN_SQL = """
SELECT DISTINCT feature FROM usage_featureday JOIN accounts_enduser AS end_user ON end_user.id = end_user_id
WHERE day <= %(latest)s AND NOT end_user.is_test
UNION SELECT DISTINCT feature FROM usage_usagedaily WHERE end_user_id IS NULL AND date <= %(latest)s
"""

FEATURES_SQL = """
, used AS (
    SELECT DISTINCT subject, feature, users.id, licensed
    FROM users JOIN usage_featureday ON usage_featureday.end_user_id = users.id
    WHERE day >= %(start)s AND day <= %(latest)s AND events > 0
)
SELECT subject, feature, count(*), count(*) FILTER (WHERE licensed) FROM used GROUP BY subject, feature
"""

ACCOUNTS_SQL = """
, used AS (
    SELECT subject, customer_id FROM users JOIN usage_userday ON usage_userday.end_user_id = users.id
    WHERE day >= %(start)s AND day <= %(latest)s AND events > 0
    UNION
    SELECT subject, customer_id FROM chosen JOIN usage_usagedaily AS daily ON daily.customer_id = chosen.id
    WHERE end_user_id IS NULL AND date >= %(start)s AND date <= %(latest)s AND events > 0
)
SELECT subject, count(*) FROM used GROUP BY subject
"""

FEATURE_ACCOUNTS_SQL = """
, used AS (
    SELECT subject, feature, customer_id FROM users JOIN usage_featureday ON usage_featureday.end_user_id = users.id
    WHERE day >= %(start)s AND day <= %(latest)s AND events > 0 AND customer_id = ANY(%(payers)s)
    UNION
    SELECT subject, feature, customer_id FROM chosen JOIN usage_usagedaily AS daily ON daily.customer_id = chosen.id
    WHERE end_user_id IS NULL AND date >= %(start)s AND date <= %(latest)s AND events > 0
      AND customer_id = ANY(%(payers)s)
)
SELECT subject, feature, count(*) FROM used GROUP BY subject, feature
"""


def chosen(scope: Scope) -> Mapping[int, Subject]:
    """The subject of each customer, at user-group level of each group; one query."""
    if scope.level == "user_group":
        groups = UserGroup.everything.filter(external_id__in=scope.subjects).order_by("pk")
        return dict(groups.values_list("pk", "external_id"))
    return {customer: member.subject for customer, member in scope.read(members).items()}


def _days_before(end: date, days: int) -> date:
    return date.fromordinal(max(end.toordinal() - days, 1))


def _params(scope: Scope) -> dict[str, Any]:
    period, settings, subjects = scope.period, scope.settings, scope.read(chosen)
    week, month = _days_before(period.end, WEEK), _days_before(period.end, MONTH)
    regular = _days_before(period.end, settings.regular_window_days)
    return {
        "ids": list(subjects),
        "names": [subject or "" for subject in subjects.values()],
        "by_group": scope.level == "user_group",
        "start": period.start,
        "week": week,
        "month": month,
        "regular": regular,
        "earliest": min(period.start, week, month, regular),
        "last_day": period.last_day,
        "latest": min(period.last_day, scope.as_of),
        "as_of": scope.as_of,
        "regular_days": settings.regular_days,
        "most": 60 * MOST_MINUTES,
    }


def _rows(sql: str, scope: Scope, **more: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, _params(scope) | more)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _by_subject(sql: str, scope: Scope) -> dict[Subject, tuple[Any, ...]]:
    return {subject or None: tuple(rest) for subject, *rest in _rows(USERS_SQL + sql, scope)}


def usage_known(scope: Scope) -> bool:
    """Whether the workspace has a usage row up to E, whoever's; one query."""
    return bool(_rows(KNOWN_SQL, scope)[0][0])


def features_seen(scope: Scope) -> list[str]:
    """The features of all rows up to E by code point, those of test users left out; one query."""
    return sorted(feature for (feature,) in _rows(SEEN_SQL, scope))


def usage_tallies(scope: Scope) -> Mapping[Subject, UsageTally]:
    """What users did in the period and in the windows that end with it; six queries."""
    nothing = UsageTally(known=scope.read(usage_known))
    found = dict.fromkeys(scope.subjects, nothing)
    for subject, row in _by_subject(ACTIVITY_SQL, scope).items():
        found[subject] = _active(nothing, *row)
    for subject, (licensed,) in _by_subject(LICENCES_SQL, scope).items():
        found[subject] = replace(found[subject], licensed=licensed)
    for subject, (seats,) in _by_subject(SEATS_SQL, scope).items():
        found[subject] = replace(found[subject], seats=int(seats))
    for subject, row in _by_subject(PERSON_FREE_SQL, scope).items():
        found[subject] = _with_person_free(found[subject], *row)
    return found


def _active(nothing: UsageTally, *row: Any) -> UsageTally:
    windows = [Window(int(users), int(days), rows) for users, days, rows in zip(*[iter(row[:12])] * 3, strict=True)]
    regular_users, regular_licensed, events, sessions, seconds, active_licensed, active_seated = row[12:]
    return UsageTally(
        nothing.known,
        *windows,
        regular_users=regular_users,
        regular_licensed=regular_licensed,
        events=int(events),
        sessions=int(sessions),
        minutes=Fraction(seconds) / 60,
        active_licensed=active_licensed,
        active_seated=active_seated,
    )


def _with_person_free(tally: UsageTally, *row: Any) -> UsageTally:
    in_period, in_week, in_month, in_regular, users, events, counts = row
    return replace(
        tally,
        period=replace(tally.period, person_free=in_period),
        week=replace(tally.week, person_free=in_week),
        month=replace(tally.month, person_free=in_month),
        regular=replace(tally.regular, person_free=in_regular),
        counted_users=int(users),
        counted_events=int(events),
        counts_users=counts,
    )


def feature_tallies(scope: Scope) -> Mapping[Subject, FeatureTally]:
    """How many users each feature had in the period; two queries more than usage."""
    users: dict[Subject, dict[str, int]] = defaultdict(dict)
    licensed: dict[Subject, dict[str, int]] = defaultdict(dict)
    for subject, feature, number, of_licensed in _rows(USERS_SQL + FEATURES_SQL, scope):
        users[subject or None][feature], licensed[subject or None][feature] = number, of_licensed
    seen = frozenset(scope.read(features_seen))
    return {s: FeatureTally(t, seen, users[s], licensed[s]) for s, t in scope.read(usage_tallies).items()}


def payers(scope: Scope) -> Mapping[int, Subject]:
    """The customers that pay on E, with their subject; one query."""
    customers = scope.read(chosen)
    paying = (revenue for revenue in customer_revenue(scope, customers) if pays(revenue.closing))
    return {revenue.customer_id: customers[revenue.customer_id] for revenue in paying}


def feature_account_tallies(scope: Scope) -> Mapping[Subject, FeatureTally]:
    """How many paying customers used each feature in the period; at portfolio and segment level, two queries more."""
    paying = scope.read(payers)
    accounts: dict[Subject, dict[str, int]] = defaultdict(dict)
    for subject, feature, number in _rows(USERS_SQL + FEATURE_ACCOUNTS_SQL, scope, payers=list(paying)):
        accounts[subject or None][feature] = number
    numbers: dict[Subject, int] = defaultdict(int)
    for subject in paying.values():
        numbers[subject] += 1
    seen, nothing = frozenset(scope.read(features_seen)), UsageTally()
    return {s: FeatureTally(nothing, seen, accounts=accounts[s], payers=numbers[s]) for s in scope.subjects}


def account_tallies(scope: Scope) -> Mapping[Subject, int | None]:
    """Customers with an event in the period, person-free ones too; two queries. None: nobody has any usage."""
    if not scope.read(usage_known):
        return dict.fromkeys(scope.subjects)
    counted = _by_subject(ACCOUNTS_SQL, scope)
    return {subject: counted.get(subject, (0,))[0] for subject in scope.subjects}
