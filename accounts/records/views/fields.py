"""Doors to the definitions of custom fields, for administrators."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import AuthedRequest, staff_required
from accounts.models import Role
from accounts.records import queries, services
from accounts.records.forms import CustomFieldForm
from accounts.records.models import CustomField
from cs_portal.kit.forms import status_of

from .shared import attempt, say_with_undo


def _field(public_id: UUID) -> CustomField:
    return get_object_or_404(CustomField.everything, public_id=public_id)


@require_safe
@staff_required(Role.ADMIN)
def custom_fields(request: AuthedRequest) -> HttpResponse:
    context = {"nav_active": "settings", "fields": queries.defined_fields()}
    return render(request, "records/custom_fields.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.ADMIN)
def custom_field_new(request: AuthedRequest) -> HttpResponse:
    form = CustomFieldForm(request.POST or None)
    if attempt(form, lambda: services.define_field(by=request.user, **form.cleaned_data)):
        messages.success(request, _("Saved."))
        return redirect("records:custom_fields")
    context = {"nav_active": "settings", "form": form}
    return render(request, "records/custom_field.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.ADMIN)
def custom_field_edit(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    field = _field(public_id)
    form = CustomFieldForm(request.POST or None, field=field)
    if attempt(form, lambda: services.edit_field(field, by=request.user, **form.cleaned_data)):
        messages.success(request, _("Saved."))
        return redirect("records:custom_fields")
    context = {"nav_active": "settings", "form": form, "field": field}
    return render(request, "records/custom_field.html", context, status=status_of(form))


@require_POST
@staff_required(Role.ADMIN)
def custom_field_archive(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    field = services.archive_field(_field(public_id), by=request.user)
    undo = reverse("records:custom_field_restore", args=[field.public_id])
    say_with_undo(request, _("%(name)s is archived; the values are kept.") % {"name": field}, undo)
    return redirect("records:custom_fields")


@require_POST
@staff_required(Role.ADMIN)
def custom_field_restore(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    field = services.archive_field(_field(public_id), by=request.user, back=True)
    messages.success(request, _("%(name)s is back.") % {"name": field})
    return redirect("records:custom_fields")
