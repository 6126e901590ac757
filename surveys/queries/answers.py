"""What somebody said by name, for those who may read it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from accounts.access import Viewer, customers_for
from accounts.models import Contact, Customer, Role, User
from cs_portal.metrics.base import Period
from cs_portal.metrics.satisfaction import NPS_GROUPS
from surveys.models import Kind, Response
from surveys.queries.links import workspace_zone

READS_ANSWERS = frozenset({Role.ADMIN, Role.LEAD, Role.CSM, Role.ANALYST})
COMPANY = ("customer_id", "contact__customer_id", "invitation__contact__customer_id", "invitation__customer_id")


def reads_answers(user: Viewer) -> bool:
    """Who may read what a person said: not the viewer, who sees numbers only."""
    return isinstance(user, User) and user.is_active and user.role in READS_ANSWERS


def named_responses(user: Viewer, customers: QuerySet[Customer] | None = None) -> QuerySet[Response]:
    """Answers with a score that somebody of a customer of the gate gave by name, newest first.

    ``customers`` narrows the gate. None for those who see aggregates only; anonymous, test and disqualified answers
    are never among them. The company is found as metrics.md section 6 rule 1 says.
    """
    if not reads_answers(user):
        return Response.objects.none()
    seen = customers_for(user)
    if customers is not None:
        seen = seen.filter(pk__in=customers.values("pk"))
    return (
        Response.objects.filter(anonymous=False, is_test=False, is_disqualified=False, score__isnull=False)
        .annotate(company=Coalesce(*COMPANY))
        .filter(company__in=seen.values("pk"))
        .select_related(
            "survey", "contact__customer", "customer", "invitation__contact__customer", "invitation__customer"
        )
        .order_by("-answered_at", "-pk")
    )


def in_period(responses: QuerySet[Response], period: Period) -> QuerySet[Response]:
    """Answers whose local day lies in the period."""
    zone = workspace_zone()
    start, end = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in (period.start, period.end))
    return responses.filter(answered_at__gte=start, answered_at__lt=end)


@dataclass(frozen=True)
class Answer:
    """A named answer as lists and files show it; ``group`` is promoter, passive, detractor or empty."""

    response: Response
    contact: Contact | None
    customer: Customer | None
    group: str


def as_answers(responses: QuerySet[Response]) -> list[Answer]:
    return [as_answer(response) for response in responses]


def as_answer(response: Response) -> Answer:
    invitation = response.invitation
    contact = response.contact or (invitation.contact if invitation else None)
    customer = response.customer or (contact.customer if contact else None) or (invitation and invitation.customer)
    return Answer(response, contact, customer or None, nps_group(response))


def nps_group(response: Response) -> str:
    if response.kind != Kind.NPS or response.score is None:
        return ""
    return next(name for name, scores in NPS_GROUPS.items() if response.score in scores)
