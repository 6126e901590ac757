"""Doors to one's own notifications, for colleagues."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import AuthedRequest, staff_required
from accounts.notifications import queries, services
from accounts.notifications.forms import PreferencesForm
from cs_portal.kit.forms import status_of

PER_PAGE = 25


@require_safe
@staff_required()
def notifications(request: AuthedRequest) -> HttpResponse:
    only_unread = request.GET.get("state") == "unread"
    found = queries.unread(request.user) if only_unread else queries.notifications_of(request.user)
    page = Paginator(found.select_related("customer"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "rows": queries.described(list(page.object_list), request.user), "only_unread": only_unread,
    }  # fmt: skip
    return render(request, "notifications/notifications.html", context)


@require_POST
@staff_required()
def notification_open(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """It is read, and the person is led to what it is about."""
    row = get_object_or_404(queries.notifications_of(request.user), public_id=public_id)
    services.mark_read(row)
    [described] = queries.described([row], request.user)
    return redirect(described.shown.url if described.shown else "notifications:notifications")


@require_POST
@staff_required()
def notification_read(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    services.mark_read(get_object_or_404(queries.notifications_of(request.user), public_id=public_id))
    return redirect("notifications:notifications")


@require_POST
@staff_required()
def all_read(request: AuthedRequest) -> HttpResponse:
    services.mark_all_read(request.user)
    return redirect("notifications:notifications")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def preferences(request: AuthedRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, user=request.user)
    if form.is_valid():
        services.choose(request.user, **form.choices)
        messages.success(request, _("Your choices are saved."))
        return redirect("notifications:preferences")
    context = {"form": form, "zone": queries.zone_of(request.user)}
    return render(request, "notifications/preferences.html", context, status=status_of(form))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, public_id: UUID, token: str) -> HttpResponse:
    """By the link of the daily mail (RFC 8058): reading it changes nothing, mail programs post without a cookie."""
    user = queries.unsubscribing(public_id, token)
    if user is None:
        raise Http404
    if request.method == "POST":
        services.end_digest(user)
    with translation.override(user.language):
        return render(request, "notifications/unsubscribe.html", {"csrf_token": "", "done": request.method == "POST"})
