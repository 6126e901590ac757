"""Doors to the merging of duplicates: choose, look, do."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import AuthedRequest, get_customer, require_write, staff_required
from accounts.models import Contact
from accounts.records import queries
from accounts.records.forms import MergeForm
from accounts.records.merging import merge, merge_preview
from cs_portal.kit.forms import status_of

from .shared import tried


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def customer_merge(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    customer = get_customer(request.user, public_id)
    require_write(request.user, customer)
    form = MergeForm(request.POST or request.GET or None, rows=queries.mergeable_customers(request.user, customer))
    twins = queries.likely_twins(request.user, customer)
    return _merge_page(request, customer, form, {"customer": customer, "twins": twins})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def contact_merge(request: AuthedRequest, public_id: UUID, record_id: UUID) -> HttpResponse:
    customer = get_customer(request.user, public_id)
    contact = get_object_or_404(Contact.objects.filter(customer=customer), public_id=record_id)
    require_write(request.user, customer)
    form = MergeForm(request.POST or request.GET or None, rows=customer.contacts.exclude(pk=contact.pk))
    twins = queries.likely_twin_contacts(contact)
    return _merge_page(request, contact, form, {"customer": customer, "contact": contact, "twins": twins})


def _merge_page(request: HttpRequest, kept: Any, form: MergeForm, context: dict[str, Any]) -> HttpResponse:
    """Nothing is merged that was not looked at: the preview's button posts what the preview showed."""
    gone = form.cleaned_data["other"] if form.is_valid() else None
    if request.method == "POST" and gone and tried(request, lambda: merge(kept, gone, by=request.user)):
        messages.success(request, _("%(gone)s is merged into %(kept)s.") % {"gone": gone, "kept": kept})
        return redirect("records:data", context["customer"].public_id)
    preview = merge_preview(kept, gone) if gone else None
    shown = {"nav_active": "customers", "kept": kept, "gone": gone, "form": form, "preview": preview}
    return render(request, "records/merge.html", shown | context, status=status_of(form))
