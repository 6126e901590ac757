"""What supervisors and monitoring ask. They have no login and get no names."""

from hmac import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.system import figures
from accounts.system.readiness import OK, readiness
from cs_portal.kit.addresses import is_direct_from_here


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    found = readiness()
    return JsonResponse(found, status=200 if set(found.values()) == {OK} else 503)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    if not may_scrape(request):
        raise Http404
    return HttpResponse(figures.exposition(), content_type=figures.CONTENT_TYPE)


def may_scrape(request: HttpRequest) -> bool:
    """With the token, or directly from this machine."""
    if settings.METRICS_TOKEN:
        offered = request.headers.get("Authorization", "").encode()
        if compare_digest(offered, f"Bearer {settings.METRICS_TOKEN}".encode()):
            return True
    return is_direct_from_here(request)
