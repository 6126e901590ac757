"""Onboarding steps per customer or group, counted in SQL (metrics.md, section 9): a constant number of queries."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import connection

from accounts.models import UserGroup
from accounts.revenue.populations import Member, members
from cs_portal.metrics.base import Scope, Subject
from cs_portal.metrics.onboarding import OnboardingTally, Steps

# {bearer} is the column of the step that names whose it is: customer_id or user_group_id.
STEPS_SQL = """
WITH steps AS (
    SELECT step.{bearer} AS bearer, step.customer_id, step.position, step.external_id, step.weight, step.is_key,
           step.due_on, dated.achieved_on, dated.achieved_on <= %(last_day)s IS TRUE AS achieved
    FROM onboarding_onboardingstep AS step
    CROSS JOIN LATERAL (
        SELECT CASE WHEN (step.achieved_at AT TIME ZONE %(zone)s)::date <= %(as_of)s
                    THEN (step.achieved_at AT TIME ZONE %(zone)s)::date END AS achieved_on
    ) AS dated
    WHERE step.archived_at IS NULL AND step.{bearer} = ANY(%(bearers)s)
), counted AS (
    SELECT bearer, customer_id, count(*) AS size, sum(weight) AS weight,
           coalesce(sum(weight) FILTER (WHERE achieved), 0) AS achieved_weight,
           count(*) FILTER (WHERE is_key) AS keys,
           count(*) FILTER (WHERE is_key AND achieved) AS achieved_keys,
           max(achieved_on) FILTER (WHERE is_key AND achieved) AS latest_key,
           count(*) FILTER (WHERE is_key AND achieved_on IS NOT NULL) AS keys_by_now,
           max(achieved_on) FILTER (WHERE is_key) AS latest_key_by_now,
           max(achieved_on) FILTER (WHERE achieved) AS latest,
           count(*) FILTER (WHERE NOT achieved AND due_on < %(last_day)s) AS overdue,
           count(*) FILTER (WHERE NOT achieved) AS still_open,
           (array_agg(due_on ORDER BY position, external_id COLLATE "C") FILTER (WHERE NOT achieved))[1] AS next_due_on
    FROM steps
    GROUP BY bearer, customer_id
)
SELECT bearer,
       coalesce(customer.onboarding_start, (
           SELECT min(start_date) FROM revenue_subscription AS subscription
           WHERE subscription.customer_id = customer.id AND subscription.archived_at IS NULL
             AND start_date <= %(as_of)s
       )),
       size, weight, achieved_weight, keys, achieved_keys, latest_key, keys_by_now, latest_key_by_now, latest, overdue,
       still_open > 0 AND next_due_on IS NULL
FROM counted JOIN accounts_customer AS customer ON customer.id = customer_id
"""
BEARERS: Final = {"user_group": "user_group_id"}


def onboarding_tallies(scope: Scope) -> Mapping[Subject, OnboardingTally]:
    """At portfolio, segment, customer and user_group level; two queries however many subjects."""
    bearers = groups(scope) if scope.level == "user_group" else scope.read(members)
    found: dict[Subject, list[Steps]] = {subject: [] for subject in scope.subjects}
    for bearer, *row in _rows(scope, list(bearers)):
        found[bearers[bearer].subject].append(Steps(bearers[bearer].live, *row))
    return {subject: OnboardingTally(tuple(everybody)) for subject, everybody in found.items()}


def groups(scope: Scope) -> Mapping[int, Member]:
    """The groups asked for, archived ones too; whether their customer is live is not read."""
    rows = UserGroup.everything.filter(external_id__in=scope.subjects).values_list("pk", "external_id")
    return {pk: Member(pk, external_id, live=True) for pk, external_id in rows}


def _rows(scope: Scope, bearers: list[int]) -> list[tuple[Any, ...]]:
    params = {
        "bearers": bearers,
        "last_day": scope.period.last_day,
        "as_of": scope.as_of,
        "zone": scope.settings.time_zone,
    }
    with connection.cursor() as cursor:
        cursor.execute(STEPS_SQL.format(bearer=BEARERS.get(scope.level, "customer_id")), params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
