"""The bell in every page's frame."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.notifications.queries import unread

MOST = 100


def bell(request: HttpRequest) -> dict[str, Any]:
    """How many are unread, counted when a template asks; nothing for contacts and outsiders."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not user.is_colleague:
        return {}
    return {"unread_notifications": SimpleLazyObject(lambda: min(unread(user)[:MOST].count(), MOST))}
