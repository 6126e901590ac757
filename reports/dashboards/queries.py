"""What pages over several rooms read."""

from datetime import date

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.access import Viewer, current_customers_for
from accounts.models import Customer, PortalAccess, User
from accounts.revenue.models import Subscription
from cs_portal.kit.work import WorkItem, by_due_date
from cs_portal.metrics.base import Period
from kvi import standing
from kvi.models import Goal
from kvi.playbooks import queries as follow_ups
from reports import queries as reports
from surveys import queries as surveys

ROOMS = (standing, follow_ups, reports)
PORTAL_ROOMS = (standing, surveys, reports)
STEPS = 3


def listed_customers(user: Viewer) -> QuerySet[Customer]:
    """The current customers of the gate with their owner and the number of agreed goals: one query."""
    goals = Goal.objects.filter(customer=OuterRef("pk"), state__in=(Goal.State.AGREED, Goal.State.ACHIEVED)).order_by()
    counted = goals.values("customer").annotate(n=Count("pk")).values("n")
    agreed = Coalesce(Subquery(counted), 0, output_field=IntegerField())
    return current_customers_for(user).select_related("owner").annotate(agreed_goals=agreed)


def work_list(user: User) -> list[WorkItem]:
    """Everything that waits for the colleague, by due date."""
    return by_due_date(item for room in ROOMS for item in room.work_items(user))


def next_steps(customer: Customer, user: User) -> list[WorkItem]:
    """The first three things to do for the customer; nothing for those who only read."""
    return by_due_date(item for room in ROOMS for item in room.work_items(user, customer))[:STEPS]


def portal_list(access: PortalAccess) -> list[WorkItem]:
    """Everything that waits for the contact, by due date."""
    return by_due_date(item for room in PORTAL_ROOMS for item in room.portal_items(access))


def renewal_date(customer: Customer, day: date) -> date | None:
    """The next end of a base subscription that no other base subscription continues (metrics.md, section 11.9)."""
    rows = customer.subscriptions.filter(kind=Subscription.Kind.BASE, is_trial=False, start_date__lte=day)
    bases = list(customer.subscriptions.filter(kind=Subscription.Kind.BASE).values_list("start_date", "end_date"))
    ends: list[date] = [
        end for end in rows.filter(end_date__gt=day).values_list("end_date", flat=True) if end is not None
    ]
    for end in sorted(ends):
        if not any(start <= end and (last is None or end < last) for start, last in bases):
            return end
    return None


def customer_fragments(customer: Customer, user: User, *, everything: bool = False) -> dict[str, object]:
    """What the rooms show of one customer; ``everything``: also what is older than the latest."""
    return {
        **follow_ups.customer_follow_ups(customer, user),
        **standing.customer_goals(customer, user),
        **surveys.customer_feedback(customer, user, everything=everything),
        **reports.customer_reports(customer),
    }


def feedback_fragments(user: User, period: Period) -> dict[str, object]:
    return {**surveys.feedback_lists(user, period)}


def portal_fragments(access: PortalAccess) -> dict[str, object]:
    return {**standing.portal_goals(access), **reports.portal_fragment(access)}
