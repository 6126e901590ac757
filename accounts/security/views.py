"""Doors: one's own second factors, recovery codes, password and sessions."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthedRequest, staff_required
from accounts.security import services
from accounts.security.queries import needs_second_factor, open_sessions, second_factors


@require_safe
@staff_required()
def security(request: AuthedRequest) -> HttpResponse:
    """The one page about one's own login."""
    factors = list(Authenticator.objects.filter(user=request.user).order_by("pk"))
    kinds = Authenticator.Type
    context = {
        "must": needs_second_factor(request.user) and not second_factors(request.user).exists(),
        "totp": next((factor for factor in factors if factor.type == kinds.TOTP), None),
        "passkeys": [factor.wrap() for factor in factors if factor.type == kinds.WEBAUTHN],
        "codes": next((factor for factor in factors if factor.type == kinds.RECOVERY_CODES), None),
        "sessions": open_sessions(request.user),
        "this_session": request.session.session_key,
    }
    return render(request, "accounts/security.html", context)


@require_POST
@staff_required()
def session_end(request: AuthedRequest, number: int) -> HttpResponse:
    session = get_object_or_404(open_sessions(request.user), pk=number)
    is_this = session.session_key == request.session.session_key
    services.end_session(session, by=request.user)
    if is_this:
        logout(request)
        return redirect("account_login")
    messages.success(request, _("The session is ended."))
    return redirect("mfa_index")


@require_POST
@staff_required()
def sessions_end(request: AuthedRequest) -> HttpResponse:
    number = services.end_other_sessions(request.user, keep=request.session.session_key)
    done = ngettext("%(number)s other session is ended.", "%(number)s other sessions are ended.", number)
    messages.success(request, done % {"number": number})
    return redirect("mfa_index")
