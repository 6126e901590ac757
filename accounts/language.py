"""Switching the language: for this browser, and for good where somebody is logged in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.i18n import set_language

from accounts.access import page_verbs
from accounts.models import User


@page_verbs
def switch_language(request: HttpRequest) -> HttpResponseBase:
    """POST ``language`` and ``next``; goes back to the page it came from, on this host only."""
    chosen = request.POST.get("language", "")
    if isinstance(request.user, User) and chosen in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    return set_language(request)
