"""What goes around every page: the request's id, and what a person has chosen, language and time zone."""

import zoneinfo
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts.services import workspace_settings
from cs_portal.kit.tracing import accepted_id, within

REQUEST_ID = "X-Request-ID"
PROBES = ("/healthz", "/readyz", "/metrics")  # answer also while the database does not


def trace(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Log lines, audit and answer carry the same id; a well-formed one of the caller's is taken over."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request_id = accepted_id(request.headers.get(REQUEST_ID, ""))
        with within(request_id, _address(request)):
            response = get_response(request)
        response[REQUEST_ID] = request_id
        return response

    return middleware


def _address(request: HttpRequest) -> str:
    """By the same rule as the login's limits: a forwarding header counts only when the settings trust the proxy."""
    try:
        return get_adapter(request).get_client_ip(request)
    except (PermissionDenied, ImproperlyConfigured):
        return ""


def preferences(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path in PROBES:
            return get_response(request)
        user = request.user
        if user.is_authenticated and user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        zone = (user.is_authenticated and user.time_zone) or workspace_settings().time_zone
        with timezone.override(zoneinfo.ZoneInfo(zone)):
            return get_response(request)

    return middleware
