"""Doors to the records of a customer, of whatever kind."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import AuthedRequest, get_customer, may_write, require_write, staff_required
from accounts.audit.queries import history
from accounts.models import Customer
from accounts.records import queries, services
from accounts.records.forms import RecordForm
from accounts.records.registry import KINDS, Kind
from cs_portal.kit.forms import status_of

from .shared import attempt, say_with_undo, tried

PER_PAGE = 25


def _customer_and_kind(request: AuthedRequest, public_id: UUID, slug: str) -> tuple[Customer, Kind]:
    customer = get_customer(request.user, public_id)
    if slug not in KINDS:
        raise Http404
    return customer, KINDS[slug]


def _to_change(request: AuthedRequest, public_id: UUID, slug: str, record_id: UUID) -> tuple[Customer, Kind, Any]:
    """404 for what is hidden or belongs to another customer, then 403."""
    customer, kind = _customer_and_kind(request, public_id, slug)
    rows = kind.model.everything.filter(customer=customer).select_related("customer", *kind.relations)
    row = get_object_or_404(rows, public_id=record_id)
    require_write(request.user, customer)
    return customer, kind, row


@require_safe
@staff_required()
def records_page(request: AuthedRequest, public_id: UUID, slug: str) -> HttpResponse:
    customer, kind = _customer_and_kind(request, public_id, slug)
    archived = "archived" in request.GET
    rows = queries.records_of(kind, customer, archived=archived)
    context = {
        "nav_active": "customers", "customer": customer, "kind": kind, "archived": archived,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "may_write": may_write(request.user, customer), "extra": queries.extra_columns(kind),
    }  # fmt: skip
    return render(request, "records/records.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def record_new(request: AuthedRequest, public_id: UUID, slug: str) -> HttpResponse:
    customer, kind = _customer_and_kind(request, public_id, slug)
    require_write(request.user, customer)
    form = RecordForm(request.POST or None, kind=kind, customer=customer)
    if attempt(form, lambda: services.add_record(kind, customer, by=request.user, **form.cleaned_data)):
        messages.success(request, _("Saved."))
        return _back(customer, kind)
    return _form_page(request, customer, kind, form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def record_edit(request: AuthedRequest, public_id: UUID, slug: str, record_id: UUID) -> HttpResponse:
    customer, kind, row = _to_change(request, public_id, slug, record_id)
    form = RecordForm(request.POST or None, kind=kind, customer=customer, row=row)
    if attempt(form, lambda: services.edit_record(row, by=request.user, **form.cleaned_data)):
        messages.success(request, _("Saved."))
        return _back(customer, kind)
    return _form_page(request, customer, kind, form, row)


@require_POST
@staff_required()
def record_archive(request: AuthedRequest, public_id: UUID, slug: str, record_id: UUID) -> HttpResponse:
    customer, kind, row = _to_change(request, public_id, slug, record_id)
    services.archive_record(row, by=request.user)
    text = _("Archived. It counts in no figure any more, for past periods neither.") if kind.counts else _("Archived.")
    undo = reverse("records:restore", args=[customer.public_id, slug, row.public_id])
    say_with_undo(request, f"{kind.one} {row}: {text}", undo)
    return redirect("records:data", customer.public_id)


@require_POST
@staff_required()
def record_restore(request: AuthedRequest, public_id: UUID, slug: str, record_id: UUID) -> HttpResponse:
    customer, _kind, row = _to_change(request, public_id, slug, record_id)
    if tried(request, lambda: services.restore_record(row, by=request.user)):
        messages.success(request, _("%(name)s is back.") % {"name": row})
    return redirect("records:data", customer.public_id)


def _back(customer: Customer, kind: Kind) -> HttpResponse:
    return redirect(reverse("records:data", args=[customer.public_id]) + f"#{kind.slug}")


def _form_page(request: HttpRequest, customer: Customer, kind: Kind, form: RecordForm, row: Any = None) -> HttpResponse:
    context = {"nav_active": "customers", "customer": customer, "kind": kind, "form": form, "row": row}
    if row is not None:
        context["history"] = history(row)
    return render(request, "records/record_form.html", context, status=status_of(form))
