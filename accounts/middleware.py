"""What a person or else the workspace has chosen reaches every page: language and time zone."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts.services import workspace


def preferences(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
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
