"""Ending what a person has open, at once and everywhere."""

from django.db.models import F

from accounts.models import User


def end_sessions(user: User) -> None:
    """All sessions of the person are over with their next request, whichever process or browser holds them."""
    User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)
    user.refresh_from_db(fields=["session_generation"])
