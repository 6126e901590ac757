"""Roles, teams, and who may still come in."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.services import record
from accounts.models import Role, Team, User
from accounts.rest.services import revoke_tokens_of
from accounts.sessions import end_sessions
from accounts.staff.queries import waiting

from .invitations import send_invitation
from .shared import keep_an_admin, locked, require_admin, staff_role

RANK = {Role.VIEWER: 0, Role.ANALYST: 1, Role.CSM: 1, Role.LEAD: 2, Role.ADMIN: 3}


@transaction.atomic
def change_role(person: User, *, role: str, by: User) -> User:
    """Give the colleague this role and end their sessions.

    Raises ValidationError for the last administrator, and when somebody would raise their own role.
    """
    chosen = staff_role(role)
    if person.pk == by.pk and RANK[chosen] > RANK[Role(by.role)]:
        raise ValidationError(_("Nobody raises their own role. Please ask an administrator."), code="own_role")
    require_admin(by)
    if chosen != Role.ADMIN:
        _keep_another_admin(person)
    person = locked(person)
    before = person.role
    if before != chosen:
        person.role = chosen
        person.save(update_fields=["role"])
        end_sessions(person)
        record("person.role_changed", by=by, target=person, before=before, after=chosen.value)
    return person


@transaction.atomic
def deactivate(person: User, *, by: User) -> User:
    """Close the door at once: sessions, API tokens and an open invitation end.

    What the person owns stays until handed over. Raises ValidationError for the last administrator and for oneself.
    """
    require_admin(by)
    _keep_another_admin(person)
    if person.pk == by.pk:
        raise ValidationError(_("You cannot deactivate yourself. Please ask another administrator."), code="oneself")
    person = locked(person)
    if person.is_active:
        person.is_active = False
        person.save(update_fields=["is_active"])
        waiting().filter(user=person).update(withdrawn_at=timezone.now())
        end_sessions(person)
        revoke_tokens_of(person, by=by)
        record("person.deactivated", by=by, target=person)
    return person


@transaction.atomic
def reactivate(person: User, *, by: User) -> User:
    """Open the door again with the role kept; whoever has no password yet is invited anew."""
    require_admin(by)
    person = locked(person)
    if not person.is_active:
        person.is_active = True
        person.save(update_fields=["is_active"])
        record("person.reactivated", by=by, target=person, role=person.role)
        if not person.has_usable_password():
            send_invitation(person, by=by)
    return person


@transaction.atomic
def change_teams(person: User, *, teams: Iterable[Team], by: User) -> User:
    """Exactly these teams: what a CSM's colleagues own is theirs to read."""
    require_admin(by)
    person = locked(person)
    before = set(person.teams.values_list("pk", flat=True))
    after = {team.pk for team in teams}
    if before != after:
        person.teams.set(after)
        record("person.teams_changed", by=by, target=person, before=sorted(before), after=sorted(after))
    return person


def _keep_another_admin(person: User) -> None:
    if User.objects.filter(pk=person.pk, role=Role.ADMIN, is_active=True).exists():
        keep_an_admin(person)
