"""What users did, by customer, event and day, for the action points (metrics.md, section 10.2)."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db import connection

from cs_portal.metrics.action_points import ActionList, ActionTally
from cs_portal.metrics.base import Period, Scope, Subject
from kvi.health.queries import listed_actions
from kvi.health.tallies import scored

# Daily rows count where the user has no event on the day; person-free ones always. Days are local: the bounds of
# moments only keep the database from reading everything.
HAPPENED_SQL = """
WITH happened AS (
    SELECT person.customer_id, event.name, (event.occurred_at AT TIME ZONE %(zone)s)::date AS day, 1 AS times
    FROM usage_usageevent AS event JOIN accounts_enduser AS person ON person.id = event.end_user_id
    WHERE NOT person.is_test AND event.name = ANY(%(events)s) AND person.customer_id = ANY(%(customers)s)
      AND event.occurred_at >= %(start)s::date - interval '2 days'
      AND event.occurred_at < %(last_day)s::date + interval '3 days'
    UNION ALL
    SELECT daily.customer_id, daily.feature, daily.date, daily.events
    FROM usage_usagedaily AS daily LEFT JOIN accounts_enduser AS person ON person.id = daily.end_user_id
    WHERE person.is_test IS NOT TRUE AND daily.feature = ANY(%(events)s) AND daily.customer_id = ANY(%(customers)s)
      AND daily.date >= %(start)s
      AND NOT EXISTS (
          SELECT FROM usage_usageevent AS event
          WHERE event.end_user_id = daily.end_user_id
            AND event.occurred_at >= daily.date - interval '2 days'
            AND event.occurred_at < daily.date + interval '3 days'
            AND (event.occurred_at AT TIME ZONE %(zone)s)::date = daily.date
      )
)
SELECT customer_id, name, %(last_day)s - day, sum(times) FROM happened
WHERE day >= %(start)s AND day <= LEAST(%(last_day)s, %(as_of)s::date)
GROUP BY 1, 2, 3
"""
KNOWN_SQL = """
SELECT EXISTS (SELECT FROM usage_usagedaily WHERE date <= %(day)s)
    OR EXISTS (SELECT FROM usage_usageevent WHERE (occurred_at AT TIME ZONE %(zone)s)::date <= %(day)s)
"""


def action_tallies(scope: Scope) -> Mapping[Subject, ActionTally]:
    """At portfolio, segment and customer level; five queries however many customers."""
    listed, known, customers = listed_actions(), event_exists(scope), scope.read(scored)
    happened = happenings(scope, listed, [c.customer_id for c in customers]) if listed and known else {}
    found: dict[Subject, list[Mapping[str, Mapping[int, int]]]] = {subject: [] for subject in scope.subjects}
    for customer in customers:
        found[customer.subject].append(happened.get(customer.customer_id, {}))
    return {subject: ActionTally(listed, known, tuple(everybody)) for subject, everybody in found.items()}


def event_exists(scope: Scope) -> bool:
    """Whether the workspace has an event or daily row up to E; one query."""
    day = min(scope.period.last_day, scope.as_of)
    with connection.cursor() as cursor:
        cursor.execute(KNOWN_SQL, {"day": day, "zone": scope.settings.time_zone})
        return bool(cursor.fetchone()[0])


def happenings(
    scope: Scope, listed: ActionList, customers: Collection[int]
) -> Mapping[int, Mapping[str, Mapping[int, int]]]:
    """By customer and event how often it happened, by the days before E; one query."""
    period = Period.trailing(listed.window, until=scope.period.last_day)
    params = {
        "customers": list(customers), "events": [action.event for action in listed.actions],
        "start": period.start, "last_day": period.last_day, "as_of": scope.as_of, "zone": scope.settings.time_zone,
    }  # fmt: skip
    found: dict[int, dict[str, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    with connection.cursor() as cursor:
        cursor.execute(HAPPENED_SQL, params)
        for customer, event, age, times in cursor.fetchall():
            found[customer][event][age] = int(times)
    return found
