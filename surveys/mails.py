"""The invitation's mail: queued with the wave, worded at sending."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Contact, User
from accounts.outbox.models import OutboxMail
from accounts.outbox.registry import Undeliverable, mail_context, when_bounced, when_sent
from accounts.outbox.services import queue_mail
from surveys.models import Invitation, SurveyVersion
from surveys.queries import (
    LinkState,
    last_day,
    link_path,
    link_state,
    mail_key,
    unsubscribe_path,
    vendor_name,
    workspace_zone,
)

TEMPLATE = "survey-invitation"


def invite(invitation: Invitation) -> OutboxMail:
    """Queue the mail with the invitation's present link."""
    contact = invitation.contact
    if contact is None:
        raise ValueError("an invitation by mail needs a contact")
    return queue_mail(
        mail_key(invitation),
        TEMPLATE,
        contact=contact,
        context={"invitation": invitation.pk, "generation": invitation.token_generation},
        language=contact.reading_language,
        purpose="survey",
    )


@mail_context(TEMPLATE)
def invitation_context(mail: OutboxMail) -> dict[str, Any]:
    rows = Invitation.objects.select_related("wave__version", "wave__created_by", "contact__customer__owner")
    invitation = rows.get(pk=mail.context["invitation"])
    if invitation.token_generation != mail.context["generation"]:
        raise Undeliverable("a newer link was sent")
    state = link_state(invitation, timezone.now())
    if state != LinkState.OPEN or invitation.wave is None:
        raise Undeliverable(f"the survey is {state}")
    sender = asker(invitation)
    return {
        **words(invitation.wave.version, mail.language, sender),
        "reply_to": sender.email,
        "url": settings.BASE_URL + link_path(invitation),
        "unsubscribe_url": settings.BASE_URL + unsubscribe_path(contact_of(mail)),
        "until": last_day(invitation.expires_at, workspace_zone()),
    }


def contact_of(mail: OutboxMail) -> Contact:
    if mail.contact is None:
        raise Undeliverable("this mail needs a contact")
    return mail.contact


def words(version: SurveyVersion, language: str, sender: User) -> dict[str, Any]:
    """What the mail says, without the person and the link; also for the preview."""
    texts = version.content.get(language) or version.content["en"]
    return {
        "texts": texts,
        "sender": str(sender),
        "vendor": vendor_name(),
        "scores": range(11),
        "button": _("Answer the question"),
    }


def asker(invitation: Invitation) -> User:
    """Who stands for the question: the customer's owner, otherwise whoever started the wave."""
    contact: Contact | None = invitation.contact
    owner = contact.customer.owner if contact else None
    if owner is not None and owner.is_active:
        return owner
    if invitation.wave is None:
        raise Undeliverable("an imported invitation has no sender")
    return invitation.wave.created_by


@when_sent(TEMPLATE)
def note_sending(mail: OutboxMail, at: datetime) -> None:
    """Asked is who was written to: from now on the invitation counts in the response rate."""
    Invitation.objects.filter(pk=mail.context["invitation"], sent_at__isnull=True).update(sent_at=at)


@when_bounced(TEMPLATE)
def note_bounce(mail: OutboxMail, at: datetime) -> None:
    """It counts as asked and not reached."""
    Invitation.objects.filter(pk=mail.context["invitation"], bounced_at__isnull=True, sent_at__lte=at).update(
        bounced_at=at
    )
