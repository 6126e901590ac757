"""Reads on second factors and sessions."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.services import workspace


def second_factors(user: User) -> QuerySet[Authenticator]:
    """Authenticator app and passkeys; recovery codes alone are none."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=user, type__in=kinds)
    return found


def needs_second_factor(user: User) -> bool:
    """The workspace asks colleagues of this role for one."""
    return user.is_colleague and user.role in workspace().mfa_roles


def open_sessions(user: User) -> QuerySet[UserSession]:
    """Where the person is logged in, newest first; what has expired is left out."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    found: QuerySet[UserSession] = UserSession.objects.filter(user=user, session_key__in=alive)
    return found.order_by("-created_at")
