"""Error pages in the reader's language; below /api/ the interface's one error shape."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.defaults import server_error as error_page

from cs_portal.kit.api.errors import COME_BACK, DATABASE_AWAY, Unavailable, is_api, plain_error


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if is_api(request):
        return plain_error(400, "bad_request", _("This request cannot be understood."))
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if is_api(request):
        return plain_error(403, "permission_denied", _("You may not do this."))
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if is_api(request):
        return plain_error(404, "not_found", _("Not found."))
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """A database that is away is no error of ours to be reported, but a 503 that says when to come back."""
    away = isinstance(sys.exc_info()[1], DATABASE_AWAY)
    if is_api(request):
        detail = Unavailable.default_detail if away else _("Something went wrong on our side.")
        response = plain_error(503 if away else 500, "unavailable" if away else "error", str(detail))
    else:
        response = error_page(request)
    if away:
        response.status_code = 503
        response.headers["Retry-After"] = str(COME_BACK)
    return response


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before the last login, or from a foreign page; ``reason`` stays in the log."""
    return render(request, "403_csrf.html", status=403)
