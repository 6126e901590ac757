"""Mails that did not go out: why, and what becomes of them."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthedRequest, staff_required
from accounts.models import Role
from accounts.outbox import queries, services
from accounts.outbox.models import OutboxMail

PER_PAGE = 50


@require_safe
@staff_required(Role.ADMIN)
def mail(request: AuthedRequest) -> HttpResponse:
    counts = queries.mails_by_state()
    context = {
        "states": [(label, counts[state]) for state, label in OutboxMail.State.choices],
        "page": Paginator(queries.parked_mails(), PER_PAGE).get_page(request.GET.get("page")),
        "failing": queries.failing_mails()[:PER_PAGE],
    }
    return render(request, "system/mail.html", context)


@require_POST
@staff_required(Role.ADMIN)
def mail_retry(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    return _act(request, public_id, services.retry_mail, _("The mail will be tried again."))


@require_POST
@staff_required(Role.ADMIN)
def mail_dismiss(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    return _act(request, public_id, services.dismiss_mail, _("Dismissed: this mail will not go out."))


def _act(request: AuthedRequest, public_id: UUID, act: Callable[..., bool], done: str) -> HttpResponse:
    if act(get_object_or_404(OutboxMail, public_id=public_id), by=request.user):
        messages.success(request, done)
    else:
        messages.warning(request, _("This mail is not parked any more."))
    return redirect("system:mail")
