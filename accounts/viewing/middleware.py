"""While a colleague views the portal as a contact: that contact's pages can be read, and nothing else can be done.

A page is what ``portal_required`` guards, read, written by nobody, and answered as HTML. Whatever else is asked for is
refused, and what would write is stopped at the database.
"""

import re
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import is_portal_page
from accounts.models import PortalAccess, User
from accounts.viewing.queries import viewed_access
from accounts.viewing.services import KEY, end_viewing, is_over

READ = ("GET", "HEAD")
READS = re.compile(r"[\s(]*(SELECT|WITH|VALUES|SAVEPOINT|RELEASE|ROLLBACK)\b", re.IGNORECASE)
WRITES = re.compile(r"\b(INSERT INTO|UPDATE \S+ SET|DELETE FROM|MERGE INTO|FOR (NO KEY )?UPDATE)\b", re.IGNORECASE)
OWN = frozenset({"viewing_end", "account_logout", "readyz", "metrics"})
ERROR = {
    "type": "client_error",
    "errors": [{"code": "viewing", "detail": "You are viewing the portal as a contact. End that first.", "attr": None}],
}


class WriteRefused(DatabaseError):
    """Something that a contact's page would have stored while a colleague only looks at it."""


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
                return self._read(request)
        return self.get_response(request)

    def _read(self, request: HttpRequest) -> HttpResponse:
        with connection.execute_wrapper(OnlyReading(request)):
            response = self.get_response(request)
        if not getattr(request, "only_reads", False) or is_page(response):
            return response
        answer = refused(request)
        answer._resource_closers += response._resource_closers  # type: ignore[attr-defined]
        return answer

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        viewer: User | None = getattr(request, "viewer", None)
        if viewer is None:
            return _ended(request)
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in OWN:
            request.user = viewer
            return None
        if is_portal_page(view) and request.method in READ:
            cast("Any", request).only_reads = True
            return None
        return refused(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refused(request) if isinstance(exception, WriteRefused) else None


class OnlyReading:
    """Stands before the database while a page is read; a promise of the page's, kept by us."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if getattr(self.request, "only_reads", False) and not (READS.match(sql) and not WRITES.search(sql)):
            raise WriteRefused
        return execute(sql, params, many, context)


def is_page(response: HttpResponse) -> bool:
    """No file, and no data for programs; a redirect leads to what is asked anew."""
    if 300 <= response.status_code < 400:
        return True
    attached = response.headers.get("Content-Disposition", "").startswith("attachment")
    return response.headers.get("Content-Type", "").startswith("text/html") and not attached


def refused(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(ERROR, status=403)
    seen = cast("Any", request)
    seen.portal, seen.only_reads = seen.viewed, False
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
