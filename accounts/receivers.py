"""What allauth tells about logins is audited, told to the person, and ends their other sessions."""

from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from accounts.security.services import end_other_sessions, note_event
from accounts.sessions import end_sessions


@receiver(password_changed)
def changed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Django ends the other sessions, whose hash no longer fits; here they leave the list too."""
    end_other_sessions(user, keep=request.session.session_key)
    note_event(user, "password_changed", by=user)


@receiver(password_reset)
def reset(user: User, **kwargs: Any) -> None:
    end_sessions(user)
    note_event(user, "password_changed", by=user)


@receiver(authenticator_added)
def added(user: User, **kwargs: Any) -> None:
    note_event(user, "factor_added", by=user)


@receiver(authenticator_removed)
def removed(user: User, **kwargs: Any) -> None:
    note_event(user, "factor_removed", by=user)


@receiver(authenticator_reset)
def renewed(user: User, **kwargs: Any) -> None:
    note_event(user, "codes_renewed", by=user)
