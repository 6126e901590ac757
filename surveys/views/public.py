"""The page behind a secret link: no login, no cookie, no script needed; only POST stores.

The link is the authority, so no CSRF token is asked for: an in-app browser may refuse cookies, and under
``Referrer-Policy: no-referrer`` browsers send ``Origin: null``. A foreign page that can post here knows the link.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Contact
from cs_portal.kit.addresses import client_address
from surveys import services
from surveys.forms import AnswerForm
from surveys.mails import asker
from surveys.models import Invitation
from surveys.queries import LinkState, invitation_of, link_state, vendor_name

LANGUAGES = ("de", "en")
GUESSES, GUESSING_WINDOW = 60, 600  # unknown links per address, seconds
GONE = {LinkState.EXPIRED, LinkState.CLOSED, LinkState.WITHDRAWN}
View = Callable[[HttpRequest, str, Invitation], HttpResponse]


def behind_link(view: View) -> Callable[..., HttpResponse]:
    """Find the invitation and speak the reader's language; ``kit/secret_links.py`` keeps the link to the reader."""

    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        invitation = invitation_of(token)
        language = language_of(request, invitation.contact if invitation else None)
        with translation.override(language):
            if invitation is None:
                response = page(request, "surveys/unknown.html", status=429 if too_many_guesses(request) else 404)
            else:
                response = view(request, token, invitation)
        response.headers["Content-Language"] = language
        return response

    return opened


def too_many_guesses(request: HttpRequest) -> bool:
    """Too many unknown links from one address; a real link opens all the same."""
    key = f"unknown-link:{client_address(request)}"
    cache.add(key, 0, GUESSING_WINDOW)
    try:
        return cache.incr(key) > GUESSES
    except ValueError:  # forgotten between the two lines
        return False


def language_of(request: HttpRequest, contact: Contact | None) -> str:
    """What the reader chose on the page, otherwise the contact's own."""
    asked = request.GET.get("language", "")
    if asked in LANGUAGES:
        return asked
    return contact.reading_language if contact is not None else translation.get_language() or "en"


@csrf_exempt
@require_http_methods(["GET", "HEAD", "OPTIONS", "POST"])
@behind_link
def answer(request: HttpRequest, token: str, invitation: Invitation) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(headers={"Allow": "GET, HEAD, OPTIONS, POST"})
    state = link_state(invitation, timezone.now())
    if state != LinkState.OPEN:
        return _not_open(request, invitation, state)
    if request.method != "POST":
        form = AnswerForm(initial={"score": request.GET.get("score")})
        return page(request, "surveys/answer.html", invitation, form=form)
    return _submit(request, token, invitation)


def _submit(request: HttpRequest, token: str, invitation: Invitation) -> HttpResponse:
    form = _posted(request)
    if not form.is_valid():
        return page(request, "surveys/answer.html", invitation, 400, form=form)
    language = translation.get_language() or "en"
    try:
        services.submit_answer(token, language=language, **form.cleaned_data)
    except services.UnknownLink:
        return page(request, "surveys/unknown.html", status=404)
    except services.NotOpen as refused:
        return _not_open(request, invitation, refused.state)
    return HttpResponseRedirect(f"{reverse('surveys:thanks', args=[token])}?language={language}")


def _posted(request: HttpRequest) -> AnswerForm:
    try:
        return AnswerForm(request.POST)
    except RequestDataTooBig:
        form = AnswerForm(QueryDict())
        form.add_error("comment", _("Please shorten your comment."))
        return form


@require_safe
@behind_link
def thanks(request: HttpRequest, token: str, invitation: Invitation) -> HttpResponse:
    if link_state(invitation, timezone.now()) != LinkState.ANSWERED:
        return HttpResponseRedirect(reverse("surveys:answer", args=[token]))
    return page(request, "surveys/thanks.html", invitation)


def _not_open(request: HttpRequest, invitation: Invitation, state: LinkState) -> HttpResponse:
    """Why nothing can be said here now: 410 when it is over, 409 for a second answer, 200 for a look back."""
    if state in GONE:
        return page(request, "surveys/over.html", invitation, 410, state=state)
    return page(request, "surveys/answered.html", invitation, 409 if request.method == "POST" else 200)


def page(
    request: HttpRequest, template: str, invitation: Invitation | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    """A page without cookie: ``csrf_token`` is empty because its making would set one."""
    language, vendor = translation.get_language() or "en", vendor_name()
    context = {
        "csrf_token": "", "navigation": (), "vendor": vendor, "language": language,
        "other_language": next(code for code in LANGUAGES if code != language), **more,
    }  # fmt: skip
    if vendor:
        context["workspace_name"] = vendor
    if invitation is not None and invitation.wave is not None:
        content = invitation.wave.version.content
        context |= {"asker": asker(invitation), "texts": content.get(language) or content["en"]}
    return render(request, template, context, status=status)
