"""While a colleague views the portal as a contact: that contact's pages can be read, and nothing else can be done."""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.models import PortalAccess, User
from accounts.viewing.queries import viewed_access
from accounts.viewing.services import KEY, end_viewing, is_over

READ = ("GET", "HEAD")
# Named one by one: a page that is not known here may be a download or somebody's own data.
PAGES = frozenset(
    {
        "attachments:portal_files",
        "comments:portal_thread",
        "dashboards:portal_home",
        "kvi:portal_goal",
        "kvi:portal_indicator",
        "kvi:portal_propose",
        "kvi:portal_counter",
        "reports:portal_reports",
        "reports:portal_report",
        "viewing",
    }
)
OWN = frozenset({"viewing_end", "account_logout", "readyz", "metrics"})
ERROR = {
    "type": "client_error",
    "errors": [{"code": "viewing", "detail": "You are viewing the portal as a contact. End that first.", "attr": None}],
}


class ViewingAs:
    """Stands behind the login: what follows sees the contact as the user, and ``request.viewer`` who really asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        seen = request.session.get(KEY) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if seen and isinstance(request.user, User):
            access = None if is_over(seen) else viewed_access(seen, request.user)
            if access is not None:
                act_as(request, access, request.user)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        viewer: User | None = getattr(request, "viewer", None)
        if viewer is None:
            return _ended(request)
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in OWN:
            request.user = viewer
            return None
        if name in PAGES and request.method in READ:
            return None
        if request.path.startswith("/api/"):
            return JsonResponse(ERROR, status=403)
        cast("Any", request).portal = cast("Any", request).viewed
        return render(request, "viewing/refused.html", status=403)


def act_as(request: HttpRequest, access: PortalAccess, viewer: User) -> None:
    access.is_viewed = True
    seen = cast("Any", request)
    seen.viewed, seen.viewer, seen.user = access, viewer, access.user


def _ended(request: HttpRequest) -> HttpResponse | None:
    """Of a session that viewed until its time was over or the access was: back to oneself, said on the next page."""
    seen = request.session.get(KEY) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    if not seen or not isinstance(request.user, User):
        return None
    access = end_viewing(request.session, by=request.user, why="time" if is_over(seen) else "access")
    if not request.path.startswith("/portal/"):
        return None
    messages.info(request, _("You no longer view the portal as a contact: half an hour is over, or the access is."))
    return redirect(access.contact.customer if access else "dashboards:today")
