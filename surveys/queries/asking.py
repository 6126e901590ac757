"""Who can be asked, who was, and what became of it."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower, Trim
from django.utils import timezone

from accounts.access import Viewer, customers_for
from accounts.models import Contact, Customer, User
from accounts.outbox.models import OutboxMail
from accounts.outbox.suppression import suppressed
from surveys.models import Invitation, Response, SurveyVersion, Wave
from surveys.queries.answers import nps_group, reads_answers


def askable_contacts(customer: Customer) -> QuerySet[Contact]:
    """Active people who can be written to, with the time they were last asked (``last_asked``): one query."""
    asked = Invitation.objects.filter(contact=OuterRef("pk")).order_by("-created_at")
    written_to = customer.contacts.filter(is_active=True, email__contains="@").annotate(address=Lower(Trim("email")))
    return written_to.exclude(address__in=suppressed("survey").values("address")).annotate(
        last_asked=Subquery(asked.values("created_at")[:1])
    )


def latest_version(kind: str, survey: str) -> SurveyVersion | None:
    return SurveyVersion.objects.filter(kind=kind, survey__external_id=survey).order_by("-number").first()


def waves_for(user: Viewer) -> QuerySet[Wave]:
    """The waves that asked customers of the gate, with ``asked`` and ``answered`` among those customers: one query."""
    seen = Invitation.objects.filter(wave=OuterRef("pk"), customer__in=customers_for(user).values("pk")).order_by()
    counted = seen.values("wave").annotate(asked=Count("pk"), answered=Count("pk", filter=Exists(answers_of())))
    return (
        Wave.objects.filter(Exists(seen))
        .select_related("created_by", "version__survey")
        .annotate(asked=Subquery(counted.values("asked")), answered=Subquery(counted.values("answered")))
        .annotate(customer_name=Subquery(seen.values("customer__name")[:1]))
        .order_by("-created_at", "-pk")
    )


def answers_of() -> QuerySet[Response]:
    return Response.objects.filter(invitation=OuterRef("pk"))


@dataclass(frozen=True)
class InvitationRow:
    """An invitation, what became of its mail, and the answer if the reader may see it."""

    invitation: Invitation
    mail: OutboxMail | None
    answered: bool
    response: Response | None

    @property
    def group(self) -> str:
        return nps_group(self.response) if self.response else ""


def invitation_rows(wave: Wave, user: User) -> list[InvitationRow]:
    """The wave's invitations to customers of the gate; three queries however many there are."""
    invitations = list(
        wave.invitations.filter(customer__in=customers_for(user).values("pk"))
        .select_related("contact__customer", "customer")
        .order_by("contact__name", "pk")
    )
    mails = {
        mail.key: mail for mail in OutboxMail.objects.filter(key__in=[mail_key(one) for one in invitations]).order_by()
    }
    answers = {row.invitation_id: row for row in Response.objects.filter(invitation__in=invitations).order_by()}
    readable = reads_answers(user)
    return [
        InvitationRow(one, mails.get(mail_key(one)), one.pk in answers, answers.get(one.pk) if readable else None)
        for one in invitations
    ]


def mail_key(invitation: Invitation) -> str:
    """One mail per link: a new link is a new mail."""
    return f"survey:{invitation.pk}:{invitation.token_generation}"


def open_invitations() -> QuerySet[Invitation]:
    """Invitations of ours whose link can still be answered, the newest first."""
    now = timezone.now()
    return (
        Invitation.objects.filter(wave__isnull=False, contact__is_active=True, wave__withdrawn_at__isnull=True)
        .filter(contact__archived_at__isnull=True, contact__customer__archived_at__isnull=True)
        .filter(Q(wave__closes_at__isnull=True) | Q(wave__closes_at__gt=now))
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
        .exclude(Exists(answers_of()))
        .select_related("wave__version", "contact__customer", "customer")
        .order_by("-created_at", "-pk")
    )
