"""Where a second factor is a must, who has none is led to setting one up and can do nothing else."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from accounts.models import User, Workspace
from accounts.security.queries import needs_second_factor, second_factors

VOUCHED = "second_factor_by_provider"
PROBES = frozenset({"healthz", "readyz", "metrics"})
OPEN = frozenset({"set_language", "account_logout", "account_login", "account_reauthenticate"})
ERROR = {
    "type": "client_error",
    "errors": [{"code": "second_factor_required", "detail": "Set up a second factor first.", "attr": None}],
}


class SecondFactor:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User) or _is_open(request) or not needs_second_factor(user, _workspace(request)):
            return None
        if _is_vouched_for(request) or second_factors(user).exists():
            return None
        return JsonResponse(ERROR, status=403) if request.path.startswith("/api/") else redirect("mfa_index")


def _is_vouched_for(request: HttpRequest) -> bool:
    """The login service asked for a second factor itself, as the settings say, when this session began."""
    return bool(settings.OIDC_IS_SECOND_FACTOR and request.session.get(VOUCHED))


def _workspace(request: HttpRequest) -> Workspace:
    """The row that the middleware before this one has read."""
    row: Workspace = request.workspace  # type: ignore[attr-defined]
    return row


def _is_open(request: HttpRequest) -> bool:
    name = (request.resolver_match.url_name if request.resolver_match else None) or "healthz"
    return name in OPEN or name.startswith("mfa_") or name in PROBES
