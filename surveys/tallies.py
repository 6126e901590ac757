"""Counted answers and invitations per subject (metrics.md, section 6): one query each, however many subjects.

In SQL the portfolio's subject is the empty text, which no segment or external_id is.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from accounts.revenue.tallies import closing_mrr
from cs_portal.metrics.base import Scope, Subject
from cs_portal.metrics.satisfaction import Asking, ChangeTally, FeedbackTally, Scale, ScoreCount, Surveyed

# The latest answer of a contact in the pool counts for "respondent"; anonymous answers come in whole months only.
ANSWERS_SQL = """
WITH answers AS (
    SELECT response.external_id, response.survey_id, response.kind, response.anonymous, response.score,
           response.answered_at, contact.id AS contact_id, customer.id AS customer_id,
           COALESCE(response.answered_on, (response.answered_at AT TIME ZONE %(zone)s)::date) AS day,
           CASE %(level)s
               WHEN 'portfolio' THEN '' WHEN 'segment' THEN customer.segment WHEN 'customer' THEN customer.external_id
               WHEN 'user_group' THEN user_group.external_id WHEN 'survey' THEN survey.external_id
           END AS subject
    FROM surveys_response AS response
    JOIN surveys_survey AS survey ON survey.id = response.survey_id
    LEFT JOIN surveys_invitation AS invitation ON invitation.id = response.invitation_id
    LEFT JOIN accounts_contact AS contact ON contact.id = COALESCE(response.contact_id, invitation.contact_id)
    LEFT JOIN accounts_customer AS customer
        ON customer.id = COALESCE(response.customer_id, contact.customer_id, invitation.customer_id)
    LEFT JOIN accounts_usergroup AS user_group ON user_group.id = contact.user_group_id
    WHERE response.score IS NOT NULL AND NOT response.is_test AND NOT response.is_disqualified
      AND (%(level)s IN ('customer', 'user_group') OR customer.is_test IS NOT TRUE)
      AND (NOT %(filtered)s OR (customer.id = ANY(%(customers)s) AND NOT response.anonymous))
), pooled AS (
    SELECT *,
           count(*) OVER (
               PARTITION BY subject, survey_id, kind, anonymous, date_trunc('month', day::timestamp)
           ) AS block_size,
           contact_id IS NULL OR row_number() OVER (
               PARTITION BY subject, kind, contact_id ORDER BY answered_at DESC, external_id COLLATE "C" DESC
           ) = 1 AS is_latest
    FROM answers
    WHERE subject = ANY(%(subjects)s) AND day >= %(start)s AND day < %(end)s AND day <= %(as_of)s
), judged AS (
    SELECT *,
           NOT anonymous OR (
               %(level)s IN ('portfolio', 'survey') AND block_size >= %(anonymous_min_n)s
               AND date_trunc('month', day::timestamp) >= %(start)s::date
               AND date_trunc('month', day::timestamp) + interval '1 month' <= LEAST(%(end)s::date, %(as_of)s::date + 1)
           ) AS counts
    FROM pooled
)
SELECT subject, kind, score, COALESCE(scale_min, 0), COALESCE(scale_max, 10), high_from, COALESCE(reversed, false),
       customer_id, judged.anonymous, count(*), count(*) FILTER (WHERE counts),
       count(*) FILTER (WHERE counts AND is_latest)
FROM judged LEFT JOIN surveys_surveyscale AS scale USING (survey_id, kind)
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""

# Invitations sent in the period; those of an anonymous survey are marked, as its answers are linked to none.
SENT_SQL = """
WITH anonymous AS (
    SELECT DISTINCT survey_id, kind FROM surveys_response
    WHERE anonymous AND answered_on <= %(as_of)s
), sent AS (
    SELECT invitation.id, invitation.survey_id, invitation.kind, anonymous.survey_id IS NOT NULL AS is_anonymous,
           (invitation.bounced_at AT TIME ZONE %(zone)s)::date <= %(as_of)s IS NOT TRUE AS delivered,
           CASE %(level)s
               WHEN 'portfolio' THEN '' WHEN 'segment' THEN customer.segment WHEN 'customer' THEN customer.external_id
               WHEN 'user_group' THEN user_group.external_id WHEN 'survey' THEN survey.external_id
           END AS subject
    FROM surveys_invitation AS invitation
    JOIN surveys_survey AS survey ON survey.id = invitation.survey_id
    LEFT JOIN accounts_contact AS contact ON contact.id = invitation.contact_id
    LEFT JOIN accounts_customer AS customer ON customer.id = COALESCE(invitation.customer_id, contact.customer_id)
    LEFT JOIN accounts_usergroup AS user_group ON user_group.id = contact.user_group_id
    LEFT JOIN anonymous ON anonymous.survey_id = invitation.survey_id AND anonymous.kind = invitation.kind
    WHERE NOT invitation.is_test
      AND (invitation.sent_at AT TIME ZONE %(zone)s)::date >= %(start)s
      AND (invitation.sent_at AT TIME ZONE %(zone)s)::date < %(end)s
      AND (invitation.sent_at AT TIME ZONE %(zone)s)::date <= %(as_of)s
      AND (%(level)s IN ('customer', 'user_group') OR customer.is_test IS NOT TRUE)
      AND (NOT %(filtered)s OR customer.id = ANY(%(customers)s))
), linked AS (
    SELECT response.*
    FROM surveys_response AS response
    WHERE response.score IS NOT NULL AND NOT response.is_test AND NOT response.is_disqualified
      AND (response.answered_at AT TIME ZONE %(zone)s)::date <= %(as_of)s
)
"""

ASKINGS_SQL = """
SELECT subject, count(*), count(*) FILTER (WHERE delivered),
       CASE WHEN NOT is_anonymous THEN count(*) FILTER (
           WHERE delivered AND EXISTS (SELECT FROM linked WHERE linked.invitation_id = sent.id)
       ) ELSE (
           SELECT count(*) FROM surveys_response AS response
           LEFT JOIN accounts_customer AS customer ON customer.id = response.customer_id
           WHERE response.survey_id = sent.survey_id AND response.kind = sent.kind AND response.score IS NOT NULL
             AND NOT response.is_test AND NOT response.is_disqualified AND customer.is_test IS NOT TRUE
             AND response.answered_on >= %(start)s AND response.answered_on <= %(as_of)s
       ) END
FROM sent
WHERE subject = ANY(%(subjects)s)
  AND (NOT is_anonymous OR (%(level)s IN ('portfolio', 'survey') AND NOT %(filtered)s))
GROUP BY subject, survey_id, kind, is_anonymous
"""

# One invitation has at most one answer of its kind.
SURVEYED_SQL = """
SELECT subject, sent.kind, count(*), score, scale_min, scale_max, high_from, reversed
FROM sent
LEFT JOIN linked ON linked.invitation_id = sent.id AND linked.kind = sent.kind
LEFT JOIN surveys_surveyscale AS scale ON scale.survey_id = linked.survey_id AND scale.kind = linked.kind
WHERE subject = ANY(%(subjects)s)
GROUP BY 1, 2, 4, 5, 6, 7, 8
"""


def _params(scope: Scope) -> dict[str, Any]:
    return {
        "level": scope.level,
        "subjects": [subject or "" for subject in scope.subjects],
        "start": scope.period.start,
        "end": scope.period.end,
        "as_of": scope.as_of,
        "zone": scope.settings.time_zone,
        "anonymous_min_n": scope.settings.anonymous_min_n,
        "filtered": scope.is_filtered,
        "customers": sorted(scope.customer_ids or ()),
    }


def _rows(sql: str, scope: Scope) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, _params(scope))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def feedback_tallies(scope: Scope) -> Mapping[Subject, FeedbackTally]:
    """How often each score was given, by kind, scale and customer; one query."""
    found: dict[Subject, list[ScoreCount]] = {subject: [] for subject in scope.subjects}
    for subject, kind, score, low, high, high_from, turned, customer, anonymous, *counts in _rows(ANSWERS_SQL, scope):
        scale = Scale(low, high, high_from, turned)
        found[subject or None].append(ScoreCount(kind, score, scale, customer, anonymous, *counts))
    return {subject: FeedbackTally(tuple(answers)) for subject, answers in found.items()}


def weighted_feedback_tallies(scope: Scope) -> Mapping[Subject, FeedbackTally]:
    """The same with what the answering customers pay on E; two queries more."""
    tallies = scope.read(feedback_tallies)
    customers = {a.customer_id for tally in tallies.values() for a in tally.answers if a.customer_id is not None}
    paid = closing_mrr(scope, customers)
    return {subject: FeedbackTally(tally.answers, paid) for subject, tally in tallies.items()}


def change_tallies(scope: Scope) -> Mapping[Subject, ChangeTally]:
    """The answers of the period and of the previous one; two queries."""
    before = scope.during(scope.period.previous()).read(feedback_tallies)
    return {subject: ChangeTally(now, before[subject]) for subject, now in scope.read(feedback_tallies).items()}


def asking_tallies(scope: Scope) -> Mapping[Subject, list[Asking]]:
    """Invitations sent in the period by survey and kind, and how many were answered up to A; one query."""
    found: dict[Subject, list[Asking]] = {subject: [] for subject in scope.subjects}
    for subject, sent, delivered, answered in _rows(SENT_SQL + ASKINGS_SQL, scope):
        found[subject or None].append(Asking(sent, delivered, answered))
    return found


def surveyed_tallies(scope: Scope) -> Mapping[Subject, list[Surveyed]]:
    """Invitations sent in the period by kind, and by the score they were answered with up to A; one query."""
    found: dict[Subject, list[Surveyed]] = {subject: [] for subject in scope.subjects}
    for subject, kind, size, score, *scale in _rows(SENT_SQL + SURVEYED_SQL, scope):
        high = None if score is None else Scale(*scale).is_high(kind, score)
        found[subject or None].append(Surveyed(kind, size, high))
    return found
