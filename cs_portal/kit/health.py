"""What a supervisor asks."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; whether its services do is for the readiness check to say."""
    return HttpResponse("ok", content_type="text/plain")
