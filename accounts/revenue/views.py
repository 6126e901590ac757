"""Doors to costs without a customer and to exchange rates, for those who keep the numbers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import KEEPS_NUMBERS, AuthedRequest, staff_required
from accounts.audit.queries import history
from accounts.lists.pages import list_file, show_list
from accounts.records import services
from accounts.records.forms import RecordForm
from accounts.records.registry import WORKSPACE_KINDS, Kind
from accounts.records.views.shared import attempt, say_with_undo, tried
from accounts.revenue import lists
from accounts.revenue.currencies import currencies_in_use
from accounts.revenue.queries import exchange_rates, missing_rates, workspace_costs
from accounts.services import workspace
from cs_portal.kit.forms import status_of
from cs_portal.kit.lists.base import List

PAGES = {"costs": (lists.COSTS, workspace_costs), "exchange-rates": (lists.RATES, exchange_rates)}


def _page(request: AuthedRequest, slug: str) -> HttpResponse:
    reporting = workspace().reporting_currency
    context = {
        "nav_active": "settings", "kind": WORKSPACE_KINDS[slug], "currency": reporting,
        "missing": missing_rates(currencies_in_use(), reporting),
        "parts": [declared for declared, _rows in PAGES.values()],
    }  # fmt: skip
    return show_list(request, PAGES[slug][0], "revenue/money.html", **context)


@require_safe
@staff_required(*KEEPS_NUMBERS)
def costs(request: AuthedRequest) -> HttpResponse:
    return _page(request, "costs")


@require_safe
@staff_required(*KEEPS_NUMBERS)
def rates(request: AuthedRequest) -> HttpResponse:
    return _page(request, "exchange-rates")


@require_safe
@staff_required(*KEEPS_NUMBERS)
def money_file(request: AuthedRequest, declared: List, kind: str) -> HttpResponse:
    return list_file(request, declared, kind)


def _kind(slug: str) -> Kind:
    if slug not in PAGES:
        raise Http404
    return WORKSPACE_KINDS[slug]


def _row(request: AuthedRequest, slug: str, public_id: UUID) -> Any:
    if slug not in PAGES:
        raise Http404
    return get_object_or_404(PAGES[slug][1](request.user), public_id=public_id)


def _form_page(request: AuthedRequest, kind: Kind, form: RecordForm, row: Any = None) -> HttpResponse:
    context = {"nav_active": "settings", "kind": kind, "form": form, "row": row, "back": PAGES[kind.slug][0].url}
    if row is not None:
        context["history"] = history(row)
    return render(request, "revenue/money_form.html", context, status=status_of(form))


def _asked(request: AuthedRequest) -> dict[str, str]:
    """What the link to the form has filled in already."""
    return {name: request.GET[name][:10] for name in ("currency", "valid_from") if name in request.GET}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(*KEEPS_NUMBERS)
def new(request: AuthedRequest, slug: str) -> HttpResponse:
    kind = _kind(slug)
    form = RecordForm(request.POST or None, kind=kind, customer=None, initial=_asked(request))
    if attempt(form, lambda: services.add_record(kind, None, by=request.user, **form.cleaned_data)):
        messages.success(request, _("Saved."))
        return redirect(PAGES[slug][0].url)
    return _form_page(request, kind, form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(*KEEPS_NUMBERS)
def edit(request: AuthedRequest, slug: str, public_id: UUID) -> HttpResponse:
    row = _row(request, slug, public_id)
    form = RecordForm(request.POST or None, kind=_kind(slug), customer=None, row=row)
    if attempt(form, lambda: services.edit_record(row, by=request.user, **form.cleaned_data)):
        messages.success(request, _("Saved."))
        return redirect(PAGES[slug][0].url)
    return _form_page(request, _kind(slug), form, row)


@require_POST
@staff_required(*KEEPS_NUMBERS)
def archive(request: AuthedRequest, slug: str, public_id: UUID) -> HttpResponse:
    row = services.archive_record(_row(request, slug, public_id), by=request.user)
    text = _("Archived. It counts in no figure any more, for past periods neither.")
    say_with_undo(request, f"{row}: {text}", reverse("money:restore", args=[slug, row.public_id]))
    return redirect(PAGES[slug][0].url)


@require_POST
@staff_required(*KEEPS_NUMBERS)
def restore(request: AuthedRequest, slug: str, public_id: UUID) -> HttpResponse:
    row = _row(request, slug, public_id)
    if tried(request, lambda: services.restore_record(row, by=request.user)):
        messages.success(request, _("%(name)s is back.") % {"name": row})
    return redirect(PAGES[slug][0].url)
