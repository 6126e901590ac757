"""Ways in and out, as the login tells of them. Only real logins: not what a test client or a command does."""

from typing import Any

from allauth.account import signals
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver

from accounts.audit.services import record
from accounts.models import User, Workspace


@receiver(signals.user_logged_in)
def logged_in(user: User, **kwargs: Any) -> None:
    record("login.succeeded", by=user, target=user)


@receiver(user_logged_out)
def logged_out(user: User | None, **kwargs: Any) -> None:
    if isinstance(user, User):
        record("login.ended", by=user, target=user)


@receiver(user_login_failed)
def login_failed(credentials: dict[str, Any], **kwargs: Any) -> None:
    """By id only. An address nobody has is counted without it, which also takes as long as a known one."""
    address = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
    user = User.objects.filter(email=address).first()
    record("login.failed", by=None, target=user or Workspace(singleton=True))


@receiver(signals.login_code_rejected)
def code_rejected(user: User, **kwargs: Any) -> None:
    record("login.failed", by=None, target=user, code=True)


@receiver([signals.password_changed, signals.password_set, signals.password_reset])
def password_changed(user: User, **kwargs: Any) -> None:
    record("password.changed", by=user, target=user)
