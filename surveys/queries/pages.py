"""What pages over several rooms show of this one."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import customers_for, writable_customers_for
from accounts.models import Customer, PortalAccess, User
from cs_portal.kit.work import WorkItem
from cs_portal.metrics.base import Period
from surveys.models import Invitation, Response, Wave
from surveys.queries.answers import (
    Answer,
    as_answers,
    in_period,
    named_responses,
    reads_answers,
)
from surveys.queries.asking import open_invitations, waves_for
from surveys.queries.links import last_day, link_path, workspace_zone

LATEST = 20
FIRST, MOST = 5, 500  # answers on a customer's page, at first and when all are asked for


@dataclass(frozen=True)
class CustomerFeedback:
    """``answers`` is empty for those who see aggregates only (``readable`` says so)."""

    readable: bool
    answers: list[Answer]
    open_invitations: list[Invitation]
    ask_url: str
    more: int = 0


def customer_feedback(
    customer: Customer, user: User | None = None, *, everything: bool = False
) -> dict[str, CustomerFeedback]:
    """Context of ``surveys/_customer_feedback.html``: latest answers (``more`` older ones), open invitations."""
    readable = user is not None and reads_answers(user) and customers_for(user).filter(pk=customer.pk).exists()
    this_one = Customer.objects.filter(pk=customer.pk)
    found = named_responses(user, this_one) if user and readable else Response.objects.none()
    answers = as_answers(found[: MOST if everything else FIRST])
    may_ask = user is not None and writable_customers_for(user).filter(pk=customer.pk).exists()
    return {
        "feedback": CustomerFeedback(
            readable=readable,
            answers=answers,
            open_invitations=list(open_invitations().filter(customer=customer)[:LATEST]) if readable else [],
            ask_url=reverse("surveys:ask", args=[customer.public_id]) if may_ask else "",
            more=0 if everything else max(0, found.count() - len(answers)),
        )
    }


@dataclass(frozen=True)
class FeedbackLists:
    readable: bool
    may_export: bool
    answers: list[Answer]
    waves: list[Wave]
    now: datetime


def feedback_lists(user: User, period: Period) -> dict[str, FeedbackLists]:
    """Context of ``surveys/_responses.html`` and ``surveys/_waves.html`` on the Feedback page."""
    return {
        "feedback": FeedbackLists(
            readable=reads_answers(user),
            may_export=reads_answers(user),
            answers=as_answers(in_period(named_responses(user), period)[:LATEST]),
            waves=list(waves_for(user)[:LATEST]),
            now=timezone.now(),
        )
    }


def portal_items(access: PortalAccess) -> list[WorkItem]:
    """Surveys that wait for the contact's own answer, once their mail has gone out."""
    zone = workspace_zone()
    return [
        WorkItem(
            reason=_wave_title(invitation),
            customer_name=access.contact.customer.name,
            url=reverse("viewing") if access.is_viewed else link_path(invitation),  # whoever has the link may answer
            button=_("Answer"),
            due=last_day(invitation.expires_at, zone),
            kind="survey_waiting",
        )
        for invitation in open_invitations().filter(contact=access.contact, sent_at__isnull=False)
    ]


def _wave_title(invitation: Invitation) -> str:
    return _("A question for you: %(name)s") % {"name": invitation.wave.name if invitation.wave else ""}
