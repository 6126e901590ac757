"""Doors to a customer as a record: made, changed, archived, brought back; and to the page of its data."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import (
    AuthedRequest,
    get_customer,
    may_add_customers,
    may_write,
    require_write,
    staff_required,
)
from accounts.models import Customer
from accounts.records import queries, services
from accounts.records.custom import custom_columns
from accounts.records.forms import CustomerForm
from cs_portal.kit.forms import status_of

from .shared import attempt, say_with_undo, tried

PER_PAGE = 25


@require_safe
@staff_required()
def customer_data(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    customer = get_customer(request.user, public_id)
    context = {
        "nav_active": "customers", "customer": customer, "parts": queries.data_parts(customer),
        "own_fields": custom_columns("customer"), "may_write": may_write(request.user, customer),
        "may_bring_back": customer.archived_at is not None and queries.may_bring_back(request.user, customer),
    }  # fmt: skip
    return render(request, "records/data.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def customer_new(request: AuthedRequest) -> HttpResponse:
    if not may_add_customers(request.user):
        raise PermissionDenied
    form = CustomerForm(request.POST or None, user=request.user)
    made: list[Customer] = []
    if attempt(form, lambda: made.append(services.add_customer(by=request.user, **form.cleaned_data))):
        messages.success(request, _("%(name)s is here now. Add contacts and subscriptions next.") % {"name": made[0]})
        return redirect("records:data", made[0].public_id)
    context = {"nav_active": "customers", "form": form}
    return render(request, "records/customer_form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def customer_edit(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    customer = get_customer(request.user, public_id)
    require_write(request.user, customer)
    form = CustomerForm(request.POST or None, user=request.user, customer=customer)
    if attempt(form, lambda: services.edit_customer(customer, by=request.user, **form.cleaned_data)):
        messages.success(request, _("Saved."))
        return redirect("records:data", customer.public_id)
    context = {"nav_active": "customers", "form": form, "customer": customer}
    return render(request, "records/customer_form.html", context, status=status_of(form))


@require_POST
@staff_required()
def customer_archive(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    customer = get_customer(request.user, public_id)
    require_write(request.user, customer)
    if not tried(request, lambda: services.archive_customer(customer, by=request.user)):
        return redirect("records:data", customer.public_id)
    text = _("%(name)s is archived: out of lists and closed to its contacts. Its figures stay as they are.")
    undo = reverse("records:customer_restore", args=[customer.public_id])
    say_with_undo(request, text % {"name": customer}, undo)
    return redirect("dashboards:customers")


@require_POST
@staff_required()
def customer_restore(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    customer = get_customer(request.user, public_id)
    if tried(request, lambda: services.restore_customer(customer, by=request.user)):
        messages.success(request, _("%(name)s is back.") % {"name": customer})
    return redirect("records:data", customer.public_id)


@require_safe
@staff_required()
def archived_customers_page(request: AuthedRequest) -> HttpResponse:
    found = queries.archived_customers(request.user)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "records/archived_customers.html", {"nav_active": "customers", "page": page})
