"""Reads on follow-ups, always through the gate."""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import WRITES_ALL, Viewer, customers_for, may_write, writable_customers_for
from accounts.models import Customer, User
from accounts.services import workspace_settings
from cs_portal.kit.work import WorkItem
from cs_portal.metrics.satisfaction import NPS_GROUPS
from kvi.playbooks.models import FollowUp
from kvi.scorecard import today
from surveys.models import Kind, Response
from surveys.queries.answers import COMPANY

LATEST = 20


def follow_ups_for(user: Viewer) -> QuerySet[FollowUp]:
    """Of the customers that exist for the user, with customer and people; one query."""
    return FollowUp.objects.filter(customer__in=customers_for(user)).select_related(
        "customer__owner", "owner", "deputy", "opened_by", "closed_by"
    )


def may_work_on(user: User, follow_up: FollowUp) -> bool:
    """Who may write the customer, and a CSM whom it was given as owner or deputy."""
    given = user.role == "csm" and user.pk in (follow_up.owner_id, follow_up.deputy_id)
    return given or may_write(user, follow_up.customer)


def open_of(user: User, day: date) -> QuerySet[FollowUp]:
    """What waits for the user: theirs as owner or deputy; of nobody's, that of one's own customers.

    Admins and leads stand in where nobody does. What is quiet on the day is left out.
    """
    mine = Q(owner=user) | Q(deputy=user)
    nobodys = Q(owner__isnull=True) | Q(owner__is_active=False)
    mine |= nobodys & Q(customer__owner=user)
    if user.role in WRITES_ALL:
        mine |= nobodys & (Q(customer__owner__isnull=True) | Q(customer__owner__is_active=False))
    return follow_ups_for(user).filter(mine, _awake(day))


def awake_at(customer: Customer, user: User, day: date) -> QuerySet[FollowUp]:
    """What waits at a customer for whoever may write it."""
    if not may_write(user, customer):
        return FollowUp.objects.none()
    return follow_ups_for(user).filter(_awake(day), customer=customer)


def _awake(day: date) -> Q:
    return Q(Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=day), state=FollowUp.State.OPEN)


def work_items(user: User, customer: Customer | None = None) -> list[WorkItem]:
    """Open follow-ups for Today, or those at one customer; one query."""
    if user.role not in ("admin", "lead", "csm"):
        return []
    day = today(workspace_settings())
    waiting = awake_at(customer, user, day) if customer else open_of(user, day)
    return [
        WorkItem(
            str(row), row.customer.name, row.get_absolute_url(), _("Follow up"), timezone.localdate(row.due_at),
            "follow_up",
        )
        for row in waiting
    ]  # fmt: skip


def customer_follow_ups(customer: Customer, user: User) -> dict[str, Any]:
    """Context of playbooks/_customer_follow_ups.html: the open loops, and how many there were."""
    found = follow_ups_for(user).filter(customer=customer)
    return {
        "open_loops": list(found.filter(state=FollowUp.State.OPEN)[:LATEST]),
        "closed_loops": found.exclude(state=FollowUp.State.OPEN).count(),
        "may_follow_up": writable_customers_for(user).filter(pk=customer.pk).exists(),
    }


def detractors(response_ids: list[int]) -> QuerySet[Response]:
    """Those of the answers that ask for a call; ``company`` says whose they are."""
    return _calls_for_action().filter(pk__in=response_ids)


def unheard_detractors(since: datetime) -> QuerySet[Response]:
    """Those given on the answer page since then for which no follow-up was ever opened; the oldest first."""
    opened = FollowUp.objects.filter(source=FollowUp.Source.RESPONSE, source_id=OuterRef("public_id"))
    given = _calls_for_action().filter(given_here=True, answered_at__gte=since)
    return given.exclude(Exists(opened)).order_by("answered_at", "pk")


def _calls_for_action() -> QuerySet[Response]:
    """0 to 6 on the NPS question, by name."""
    found = Response.objects.filter(kind=Kind.NPS, score__in=list(NPS_GROUPS["detractor"]))
    named = found.filter(anonymous=False, is_test=False, is_disqualified=False)
    return named.annotate(company=Coalesce(*COMPANY)).filter(company__isnull=False)
