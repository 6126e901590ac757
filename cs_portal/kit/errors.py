"""Error pages in the reader's language; below /api/ the interface's one error shape."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.defaults import server_error as error_page

from cs_portal.kit.api.errors import is_api, plain_error


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
    if is_api(request):
        return plain_error(500, "error", _("Something went wrong on our side."))
    return error_page(request)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before the last login, or from a foreign page; ``reason`` stays in the log."""
    return render(request, "403_csrf.html", status=403)
