"""Mails that did not go out: why, and what becomes of them."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthedRequest, staff_required
from accounts.lists.pages import list_file, show_list
from accounts.models import Role
from accounts.outbox import queries, services
from accounts.outbox.models import OutboxMail
from accounts.system.running import MAILS

MOST = 50  # of those that are tried again by themselves


@require_safe
@staff_required(Role.ADMIN)
def mail(request: AuthedRequest) -> HttpResponse:
    counts = queries.mails_by_state()
    states = [(label, counts[state]) for state, label in OutboxMail.State.choices]
    options, failing = {"extra": {"csrf_token": get_token(request)}}, queries.failing_mails()[:MOST]
    return show_list(request, MAILS, "system/mail.html", options=options, states=states, failing=failing)


@require_safe
@staff_required(Role.ADMIN)
def mail_file(request: AuthedRequest, kind: str) -> HttpResponse:
    return list_file(request, MAILS, kind)


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
