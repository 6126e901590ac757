"""What goes around every page: the request's id, a person's or the workspace's choices, and that no cache keeps it."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts.services import workspace
from cs_portal.kit.addresses import client_address
from cs_portal.kit.tracing import accepted_id, within

REQUEST_ID = "X-Request-ID"
PROBES = ("/healthz", "/readyz", "/metrics")  # answer also while the database does not


def trace(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Log lines, audit and answer carry the same id; a well-formed one of the caller's is taken over."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request_id = accepted_id(request.headers.get(REQUEST_ID, ""))
        with within(request_id, client_address(request)):
            response = get_response(request)
        response[REQUEST_ID] = request_id
        return response

    return middleware


def preferences(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path in PROBES:
            return get_response(request)
        user = request.user
        if user.is_authenticated and user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        request.workspace = row = workspace()
        if not (user.is_authenticated or _names_a_language(request)):
            translation.activate(row.default_language)
            request.LANGUAGE_CODE = row.default_language
        zone = (user.is_authenticated and user.time_zone) or row.time_zone
        with timezone.override(zoneinfo.ZoneInfo(zone)):
            return get_response(request)

    return middleware


def _names_a_language(request: HttpRequest) -> bool:
    return bool(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or request.headers.get("Accept-Language"))


def private_pages(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """What somebody reads after login is kept by no cache, neither on the way nor on a shared computer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware
