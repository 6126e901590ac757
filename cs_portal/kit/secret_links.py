"""A page whose address is a secret says so with every answer, errors included."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PATHS = ("/s/", "/u/", "/notifications/unsubscribe/")
HEADERS = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}


def keep_secret(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Around the rest, since an unknown host or a forbidden verb is answered before any view."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path_info.startswith(PATHS):
            for name, value in HEADERS.items():
                response.headers[name] = value
        return response

    return middleware
