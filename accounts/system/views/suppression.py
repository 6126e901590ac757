"""The addresses that are not written to: look, add, remove with a reason, take along."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import AuthedRequest, staff_required
from accounts.exports import export_csv
from accounts.models import Role
from accounts.outbox.models import SuppressedAddress
from accounts.outbox.suppression import suppress, suppressed, unsuppress

PER_PAGE = 50


class AddressForm(forms.Form):
    address = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    note = forms.CharField(label=gettext_lazy("Reason"), max_length=255)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.ADMIN)
def suppression(request: AuthedRequest) -> HttpResponse:
    form = AddressForm(request.POST or None)
    if form.is_valid():
        suppress(why=SuppressedAddress.Why.HAND, by=request.user, **form.cleaned_data)
        messages.success(request, _("This address is not written to any more."))
        return redirect("system:suppression")
    page = Paginator(suppressed().select_related("added_by"), PER_PAGE).get_page(request.GET.get("page"))
    status = 400 if form.errors else 200
    return render(request, "system/suppression.html", {"form": form, "page": page}, status=status)


@require_POST
@staff_required(Role.ADMIN)
def suppression_remove(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    row = get_object_or_404(SuppressedAddress, public_id=public_id)
    try:
        unsuppress(row, reason=request.POST.get("reason", "").replace("\x00", ""), by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    else:
        messages.success(request, _("This address may be written to again."))
    return redirect("system:suppression")


@require_safe
@staff_required(Role.ADMIN)
def suppression_csv(request: AuthedRequest) -> HttpResponse:
    rows = suppressed().select_related("added_by")
    lines = [[row.address, row.why, row.note, row.created_at.isoformat()] for row in rows]
    return export_csv("suppression-list", ("address", "why", "note", "since"), lines, by=request.user)
