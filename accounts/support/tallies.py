"""Tickets per subject, counted in SQL (metrics.md, section 7): as many queries for all customers as for one."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Q
from django.db.models.functions import TruncDate

from accounts.models import EndUser
from accounts.revenue.populations import chosen_customers, members
from accounts.support.models import Ticket
from cs_portal.metrics.base import Scope, Subject
from cs_portal.metrics.support import PerUserTally, SupportTally, TicketTimes

# Ranks are whole numbers: the percentile functions of the database count in binary fractions.
# In SQL the portfolio's subject is the empty text, which no segment or external_id is.
TICKETS_SQL = """
WITH tickets AS (
    SELECT member.subject, ticket.first_contact_solved, ticket.handling_minutes,
           coalesce(ticket.resolved, true) AS resolved,
           (ticket.opened_at AT TIME ZONE %(zone)s)::date AS opened_on,
           (ticket.closed_at AT TIME ZONE %(zone)s)::date AS closed_on,
           (EXTRACT(EPOCH FROM ticket.closed_at - ticket.opened_at) * 1000000)::bigint AS elapsed,
           ticket.reopened_at - coalesce(ticket.first_closed_at, ticket.closed_at)
               <= make_interval(hours => %(reopen_hours)s) IS TRUE AS reopened
    FROM support_ticket AS ticket
    JOIN unnest(%(customers)s::bigint[], %(members)s::text[]) AS member (customer_id, subject)
        ON member.customer_id = ticket.customer_id
    WHERE ticket.archived_at IS NULL
), known AS (
    SELECT *, closed_on >= %(start)s AND closed_on <= LEAST(%(last_day)s, %(as_of)s::date) IS TRUE AS closed
    FROM tickets
    WHERE opened_on <= LEAST(%(last_day)s, %(as_of)s::date)
), counted AS (
    SELECT subject,
           count(*) FILTER (WHERE opened_on >= %(start)s) AS opened,
           count(*) FILTER (WHERE closed) AS closed,
           count(*) FILTER (WHERE closed_on > LEAST(%(last_day)s, %(as_of)s::date) IS NOT FALSE) AS open,
           count(*) FILTER (WHERE closed AND resolved) AS resolved,
           count(*) FILTER (WHERE closed AND first_contact_solved IS NOT NULL) AS judged,
           count(*) FILTER (WHERE closed AND resolved AND first_contact_solved AND NOT reopened) AS at_first_contact,
           sum(elapsed) FILTER (WHERE closed) AS elapsed,
           array_agg(elapsed ORDER BY elapsed) FILTER (WHERE closed) AS times,
           sum(handling_minutes) FILTER (WHERE closed) AS handling,
           array_agg(handling_minutes ORDER BY handling_minutes)
               FILTER (WHERE closed AND handling_minutes IS NOT NULL) AS minutes
    FROM known
    GROUP BY subject
)
SELECT subject, opened, closed, open, resolved, judged, at_first_contact,
       closed, elapsed, times[(closed + 1) / 2], times[closed / 2 + 1], times[(9 * closed + 9) / 10],
       handled.n, handling, minutes[(handled.n + 1) / 2], minutes[handled.n / 2 + 1], minutes[(9 * handled.n + 9) / 10]
FROM counted CROSS JOIN LATERAL (SELECT coalesce(cardinality(minutes), 0) AS n) AS handled
"""
MICROSECONDS = 3_600_000_000  # of an hour


def ticket_exists(scope: Scope) -> bool:
    """Whether the workspace, test customers included, has a ticket opened on or before E; one query."""
    day = min(scope.period.last_day, scope.as_of)
    opened_on = TruncDate("opened_at", tzinfo=ZoneInfo(scope.settings.time_zone))
    return Ticket.objects.annotate(opened_on=opened_on).filter(opened_on__lte=day).exists()


def support_tallies(scope: Scope) -> Mapping[Subject, SupportTally]:
    """At portfolio, segment and customer level; three queries however many customers."""
    known = scope.read(ticket_exists)
    tallies: dict[Subject, SupportTally] = dict.fromkeys(scope.subjects, SupportTally(known))
    for subject, *counts in _rows(scope):
        tallies[subject or None] = _tally(counts)
    return tallies


def per_user_tallies(scope: Scope) -> Mapping[Subject, PerUserTally]:
    """The tickets, and the users with a licence on E, test users left out; one query more."""
    users = scope.read(licensed_users)
    return {subject: PerUserTally(tally, users[subject]) for subject, tally in scope.read(support_tallies).items()}


def licensed_users(scope: Scope) -> Mapping[Subject, int]:
    """Archiving a user changes no figure; one query."""
    day, group = scope.period.last_day, scope.read(members)
    begun, running = (Q(**{f"{name}__isnull": True}) for name in ("active_from", "active_to"))
    licensed = EndUser.everything.filter(
        begun | Q(active_from__lte=day), running | Q(active_to__gt=day), is_licensed=True, is_test=False
    )
    found: dict[Subject, int] = dict.fromkeys(scope.subjects, 0)
    rows = licensed.filter(chosen_customers(scope, "customer__")).values_list("customer").annotate(Count("pk"))
    for customer, number in rows.order_by():
        found[group[customer].subject] += number
    return found


def _rows(scope: Scope) -> list[tuple[Any, ...]]:
    group = scope.read(members)
    params = {
        "customers": list(group),
        "members": [member.subject or "" for member in group.values()],
        "start": scope.period.start,
        "last_day": scope.period.last_day,
        "as_of": scope.as_of,
        "zone": scope.settings.time_zone,
        "reopen_hours": 24 * scope.settings.reopen_window_days,
    }
    with connection.cursor() as cursor:
        cursor.execute(TICKETS_SQL, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _tally(counts: Sequence[Any]) -> SupportTally:
    times, minutes = counts[6:11], counts[11:]
    hours = TicketTimes(times[0], *(Fraction(part or 0) / MICROSECONDS for part in times[1:]))
    return SupportTally(True, *counts[:6], hours, TicketTimes(*(part or 0 for part in minutes)))
