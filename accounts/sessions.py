"""Ending what a person has open, at once and everywhere."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import F

from accounts.models import User


def end_sessions(user: User) -> None:
    """All sessions of the person are over with their next request, whichever process or browser holds them.

    The next generation ends also those that are not listed; the listed ones are removed.
    """
    User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)
    user.refresh_from_db(fields=["session_generation"])
    listed = UserSession.objects.filter(user=user)
    Session.objects.filter(session_key__in=list(listed.values_list("session_key", flat=True))).delete()
    listed.delete()
