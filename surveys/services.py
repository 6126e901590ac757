"""Asking customers and storing what they say."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.services import record
from accounts.models import Contact, Customer, User
from surveys.mails import invite
from surveys.models import Invitation, Kind, Response, Survey, SurveyScale, SurveyVersion, Wave
from surveys.queries import (
    LinkState,
    askable_contacts,
    invitation_of,
    latest_version,
    link_state,
    vendor_name,
    workspace_zone,
)
from surveys.signals import responses_submitted
from surveys.texts import nps_content
from surveys.tokens import SURVEY, fingerprint, secret

SHIPPED_NPS = "cs-portal-nps"
NPS_SCALE = range(11)
LONGEST = timedelta(days=366)
COMMENT_LENGTH = 10_000


class UnknownLink(Exception):
    """No invitation has this link, or not any more."""


class NotOpen(Exception):
    """The link was good once; ``state`` says why it stores nothing now."""

    def __init__(self, state: LinkState) -> None:
        super().__init__(state)
        self.state = state


# --- asking ----------------------------------------------------------------------


@transaction.atomic
def current_nps_version() -> SurveyVersion:
    """The shipped NPS survey with today's texts; changed texts are the next version."""
    survey, _made = Survey.objects.get_or_create(external_id=SHIPPED_NPS, defaults={"name": "NPS"})
    survey = Survey.objects.select_for_update().get(pk=survey.pk)
    SurveyScale.objects.get_or_create(survey=survey, kind=Kind.NPS, defaults={"scale_min": 0, "scale_max": 10})
    content, latest = nps_content(vendor_name()), latest_version(Kind.NPS, SHIPPED_NPS)
    if latest is not None and latest.content == content:
        return latest
    number = latest.number + 1 if latest else 1
    return SurveyVersion.objects.create(survey=survey, number=number, kind=Kind.NPS, content=content)


def start_wave(
    customer: Customer, *, key: UUID, name: str, contacts: Iterable[Contact], closes_on: date, by: User
) -> Wave:
    """Invite these contacts of the customer by mail; the link works through the local day ``closes_on``.

    The same key again is the same wave, however often and however quickly it is sent.
    Raises ValidationError by field.
    """
    try:
        return _start_wave(customer, key, name, list(contacts), closes_on, by)
    except IntegrityError:
        wave = Wave.objects.filter(public_id=key, created_by=by, invitations__customer=customer).first()
        if wave is None:
            raise ValidationError(_("This form was used before. Please open it again.")) from None
        return wave


@transaction.atomic
def _start_wave(customer: Customer, key: UUID, name: str, contacts: list[Contact], closes_on: date, by: User) -> Wave:
    _check_wave(customer, contacts, closes_on)
    wave = Wave.objects.create(
        public_id=key, version=current_nps_version(), name=name, created_by=by, closes_at=_end_of(closes_on)
    )
    for contact in contacts:
        invite(_invitation(wave, contact))
    record("wave.started", by=by, target=wave, customer=customer.pk, invitations=len(contacts))
    return wave


def _check_wave(customer: Customer, contacts: list[Contact], closes_on: date) -> None:
    if not contacts:
        raise ValidationError({"contacts": _("Please choose at least one person.")})
    askable = set(askable_contacts(customer).values_list("pk", flat=True))
    if not {contact.pk for contact in contacts} <= askable:
        raise ValidationError({"contacts": _("Only active contacts who can be written to can be asked.")})
    today = timezone.now().astimezone(workspace_zone()).date()
    if not today < closes_on <= today + LONGEST:
        raise ValidationError({"closes_on": _("Please choose a day after today and within a year.")})


def _invitation(wave: Wave, contact: Contact) -> Invitation:
    invitation = Invitation(
        survey=wave.version.survey, kind=wave.version.kind, contact=contact, customer=contact.customer,
        channel="email", wave=wave, expires_at=wave.closes_at,
    )  # fmt: skip
    invitation.token_hash = _fingerprint(invitation)
    invitation.save(force_insert=True)
    return invitation


def _fingerprint(invitation: Invitation) -> str:
    return fingerprint(secret(SURVEY, invitation.public_id, invitation.token_generation))


@transaction.atomic
def withdraw_wave(wave: Wave, *, by: User) -> None:
    """Its links store nothing from now on, mails that wait are not sent. Withdrawn twice is withdrawn once."""
    if Wave.objects.filter(pk=wave.pk, withdrawn_at__isnull=True).update(withdrawn_at=timezone.now()):
        record("wave.withdrawn", by=by, target=wave)


@transaction.atomic
def renew_link(invitation: Invitation, *, by: User) -> Invitation:
    """A new link by a new mail; the old one is dead at once. Raises ValidationError when nothing can be answered."""
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("wave", "contact__customer")
        .get(pk=invitation.pk)
    )
    if link_state(invitation, timezone.now()) != LinkState.OPEN:
        raise ValidationError(_("This invitation can no longer be answered."), code="not_open")
    invitation.token_generation += 1
    invitation.token_hash = _fingerprint(invitation)
    invitation.save(update_fields=["token_generation", "token_hash"])
    record("invitation.renewed", by=by, target=invitation, wave=invitation.wave_id)
    invite(invitation)
    return invitation


# --- answering ---------------------------------------------------------------------


@transaction.atomic
def submit_answer(token: str, *, score: int, comment: str = "", language: str) -> Response:
    """Store the one answer of a link. Of many at once the database takes one, the others are ANSWERED.

    Raises UnknownLink, NotOpen, and ValidationError for a score outside the scale or too long a comment.
    """
    if score not in NPS_SCALE:
        raise ValidationError({"score": _("Please choose a number from 0 to 10.")})
    if len(comment) > COMMENT_LENGTH:
        raise ValidationError({"comment": _("Please shorten your comment.")})
    invitation = invitation_of(token)
    if invitation is None:
        raise UnknownLink
    state = link_state(invitation, timezone.now())
    if state != LinkState.OPEN:
        raise NotOpen(state)
    return _store(invitation, score=score, comment=comment, language=language)


def _store(invitation: Invitation, *, score: int, comment: str, language: str) -> Response:
    """The unique pair of invitation and kind decides between answers that come at the same time."""
    try:
        with transaction.atomic():
            response = Response.objects.create(
                survey_id=invitation.survey_id, kind=invitation.kind, invitation=invitation,
                contact_id=invitation.contact_id, customer_id=invitation.customer_id, score=score, comment=comment,
                language=language, answered_at=timezone.now(), given_here=True,
            )  # fmt: skip
    except IntegrityError as refused:
        raise NotOpen(LinkState.ANSWERED) from refused
    # Robust: the answer is stored, and the respondent is thanked, whatever its receivers do.
    transaction.on_commit(lambda: _announce(response), robust=True)
    return response


def _announce(response: Response) -> None:
    responses_submitted.send(Response, ids=[response.pk])


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), workspace_zone())
