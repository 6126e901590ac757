"""Doors: begin and end viewing the portal as a contact."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthedRequest, get_customer, live_accesses, portal_required, require_write, staff_required
from accounts.models import PortalAccess
from accounts.viewing import services


@require_POST
@staff_required()
def start(request: AuthedRequest, public_id: UUID, contact_id: UUID) -> HttpResponse:
    customer = get_customer(request.user, public_id)
    contact = get_object_or_404(customer.contacts, public_id=contact_id)
    require_write(request.user, customer)
    accesses = PortalAccess.objects.select_related("user", "contact__customer")
    access = get_object_or_404(accesses, contact=contact, revoked_at=None)
    if not live_accesses(access.user).filter(pk=access.pk).exists():
        raise Http404
    services.start_viewing(access, request.session, by=request.user)
    return redirect("dashboards:portal_home")


@require_POST
@staff_required()
def end(request: AuthedRequest) -> HttpResponse:
    access = services.end_viewing(request.session, by=request.user, why="asked")
    return redirect(access.contact.customer if access else "dashboards:today")


@require_safe
@portal_required()
def own(request: AuthedRequest) -> HttpResponse:
    """Where a link leads that is the contact's alone, such as the one to a survey."""
    if getattr(request, "viewed", None) is None:
        raise Http404
    return render(request, "viewing/refused.html")
