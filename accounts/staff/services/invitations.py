"""Inviting colleagues: a link by mail, good once and for a week."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.services import record
from accounts.models import StaffInvitation, Team, User
from accounts.outbox.services import queue_mail
from accounts.sessions import end_sessions
from accounts.staff.queries import waiting

from .shared import locked, require_admin, staff_role


@transaction.atomic
def invite_colleague(
    *, email: str, name: str, role: str, by: User, language: str = "en", teams: Iterable[Team] = ()
) -> StaffInvitation:
    """Make the colleague's user with this role and send the link; whoever was never in may be invited again.

    Raises ValidationError for an address that is in use or not one.
    """
    require_admin(by)
    chosen = staff_role(role)
    address = email.strip().lower()
    validate_email(address)
    person = User.objects.select_for_update().filter(email=address).first() or User.objects.create_user(
        address, role=chosen, is_active=False
    )
    _refuse_known(person)
    person.name, person.role, person.language, person.is_active = name.strip(), chosen, language, True
    person.save(update_fields=["name", "role", "language", "is_active"])
    person.teams.set(teams)
    return send_invitation(person, by=by)


def send_invitation(person: User, *, by: User) -> StaffInvitation:
    """A new link in the caller's transaction; an older one no longer opens anything."""
    waiting().filter(user=person).update(withdrawn_at=timezone.now())
    invitation = StaffInvitation.objects.create(user=person, invited_by=by)
    record("person.invited", by=by, target=person, role=person.role, invitation=invitation.pk)
    queue_mail(
        f"staff-invitation:{invitation.public_id}",
        "staff-invitation",
        user=person,
        context={"invitation": invitation.pk},
        language=person.language,
        purpose="people",
    )
    return invitation


@transaction.atomic
def resend_invitation(person: User, *, by: User) -> StaffInvitation:
    """A new link and another week. Raises ValidationError when nothing is waiting to be accepted."""
    require_admin(by)
    return send_invitation(_invited(person), by=by)


@transaction.atomic
def withdraw_invitation(person: User, *, by: User) -> None:
    """The link opens nothing any more, and the user that was made for it is deactivated."""
    require_admin(by)
    person = _invited(person)
    waiting().filter(user=person).update(withdrawn_at=timezone.now())
    person.is_active = False
    person.save(update_fields=["is_active"])
    record("person.invitation_withdrawn", by=by, target=person)


@transaction.atomic
def accept_invitation(invitation: StaffInvitation, *, password: str) -> User:
    """Set the first password; the link is spent. Raises ValidationError when it no longer opens the door."""
    invitation = StaffInvitation.objects.select_for_update().get(pk=invitation.pk)
    person = User.objects.select_for_update().get(pk=invitation.user_id)
    if not (invitation.is_open and person.is_active):
        raise ValidationError(_("This invitation has been used already, or it is too old."), code="over")
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    person.set_password(password)
    person.save(update_fields=["password"])
    end_sessions(person)
    record("person.invitation_accepted", by=person, target=person, invitation=invitation.pk)
    return person


def _refuse_known(person: User) -> None:
    """Only somebody who was never in may be invited."""
    was_in = person.has_usable_password() or person.last_login is not None
    if not person.is_colleague:
        text = _("This address belongs to a customer's contact. A colleague needs an address of their own.")
        code = "contact"
    elif was_in and not person.is_active:
        text, code = _("A deactivated colleague has this address. Please reactivate them."), "deactivated"
    elif was_in or (person.is_active and not waiting().filter(user=person).exists()):
        text, code = _("A colleague with this address is here already."), "known"
    else:
        return
    raise ValidationError(text, code=code)


def _invited(person: User) -> User:
    person = locked(person)
    if not (person.is_active and waiting().filter(user=person).exists()):
        raise ValidationError(_("There is no invitation waiting to be accepted."), code="not_invited")
    return person
