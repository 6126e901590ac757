"""Writes on second factors and sessions."""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.audit.services import record
from accounts.models import Role, User, Workspace
from accounts.outbox.services import queue_mail
from accounts.services import workspace
from accounts.sessions import end_sessions

EVENTS = ("factor_added", "factor_removed", "codes_renewed", "password_changed", "factors_reset")


@transaction.atomic
def require_second_factor(roles: Iterable[str], *, by: User) -> Workspace:
    """Colleagues of these roles set up a second factor before they can do anything else."""
    if by.role != Role.ADMIN:
        raise PermissionDenied
    chosen = sorted(set(roles))
    if not set(chosen) <= set(Role.values) - {Role.CONTACT}:
        raise ValidationError(_("Please choose one of the roles."), code="unknown_role")
    workspace()
    row = Workspace.objects.select_for_update().get()
    if row.mfa_roles != chosen:
        row.mfa_roles = chosen
        row.save(update_fields=["mfa_roles"])
        record("workspace.second_factor_required", by=by, target=row, roles=chosen)
    return row


@transaction.atomic
def reset_second_factors(person: User, *, by: User) -> None:
    """For a colleague who lost phone or key: all factors and recovery codes go, and all sessions end."""
    if by.role != Role.ADMIN or not person.is_colleague:
        raise PermissionDenied
    if person.pk == by.pk:
        raise ValidationError(_("Change your own second factor under Security."), code="oneself")
    Authenticator.objects.filter(user=person).delete()
    end_sessions(person)
    note_event(person, "factors_reset", by=by)


@transaction.atomic
def note_event(person: User, event: str, *, by: User) -> None:
    """Audit what changed about somebody's login, and tell them by mail."""
    entry = record(f"security.{event}", by=by, target=person)
    queue_mail(
        f"security-notice:{entry.pk}",
        "security-notice",
        user=person,
        context={"event": event},
        language=person.language,
        purpose="security",
    )


@transaction.atomic
def end_session(session: UserSession, *, by: User) -> None:
    record("session.ended", by=by, target=by, session=session.pk)
    _end(UserSession.objects.filter(pk=session.pk))


@transaction.atomic
def end_other_sessions(person: User, *, keep: str | None) -> int:
    """All but the one with this key; returns how many."""
    others = UserSession.objects.filter(user=person).exclude(session_key=keep or "")
    number: int = others.count()
    if number:
        record("session.others_ended", by=person, target=person, number=number)
    _end(others)
    return number


def _end(sessions: QuerySet[UserSession]) -> None:
    Session.objects.filter(session_key__in=list(sessions.values_list("session_key", flat=True))).delete()
    sessions.delete()
