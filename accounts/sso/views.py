"""Doors: to the provider and back."""

import time

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.adapter import home_of, log_in
from accounts.audit.services import record
from accounts.models import User
from accounts.security.middleware import VOUCHED
from accounts.sso import client, services
from accounts.sso.client import Attempt, Refused
from accounts.sso.words import REASONS

KEY, LONGEST = "sso_attempt", 600  # seconds


@never_cache
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """A link, since a form's redirect to the provider would be against our own content policy."""
    if not client.is_configured():
        raise Http404
    if request.user.is_authenticated:
        return redirect(home_of(request))
    attempt = Attempt.new(request.GET.get("next", ""))
    try:
        address = client.address_to_ask(attempt)
    except Refused as refused:
        return _refused(request, refused.reason)
    request.session[KEY] = attempt.as_dict() | {"until": time.time() + LONGEST}
    return redirect(address)


@never_cache
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    if not client.is_configured():
        raise Http404
    try:
        attempt = _attempt(request)
        person = services.admit(
            client.claims_of(attempt, state=request.GET.get("state", ""), code=request.GET.get("code", ""))
        )
    except Refused as refused:
        return _refused(request, refused.reason)
    return _let_in(request, person, attempt.next)


def _attempt(request: HttpRequest) -> Attempt:
    """Good once; raises Refused when there is none, or it is too old, or the person said no."""
    kept = request.session.pop(KEY, None)
    if kept is None or kept.pop("until") < time.time():
        raise Refused("state")
    if "error" in request.GET:
        raise Refused("cancelled" if request.GET["error"] == "access_denied" else "provider")
    return Attempt(**kept)


def _let_in(request: HttpRequest, person: User, following: str) -> HttpResponse:
    """The second factor is asked for as after a password, unless the settings trust the provider's."""
    target = following if get_adapter(request).is_safe_url(following) else ""
    record_authentication(request, person, "socialaccount", provider="openid_connect")
    if not settings.OIDC_IS_SECOND_FACTOR:
        return perform_login(request, person, email_verification="none", redirect_url=target or None)
    log_in(request, person)
    request.session[VOUCHED] = True
    record("login.succeeded", by=person, target=person, provider=True)
    return redirect(target or home_of(request))


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    services.note_refusal(reason)
    return render(request, "sso/refused.html", {"reason": REASONS[reason]}, status=403)
