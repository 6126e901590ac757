"""Doors: leaving, choosing a company, inviting a contact."""

from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.views import LoginView, RequestLoginCodeView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import portal_services
from accounts.access import (
    PORTAL_SESSION_KEY,
    AuthedRequest,
    contact_required,
    get_customer,
    live_accesses,
    require_write,
    staff_required,
)
from accounts.forms import InvitationForm, LoginCodeForm
from accounts.models import PortalAccess, User
from accounts.setup.queries import setup_is_open
from accounts.sso import client
from accounts.viewing.services import end_viewing


class Login(LoginView):
    """One page with both ways in; an empty installation is set up first."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("setup") if setup_is_open() else super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "code_form": LoginCodeForm(),
            "provider": settings.OIDC_NAME if client.is_configured() else "",
        }


class RequestCode(RequestLoginCodeView):
    """The invitation's link names the address, so that it need not be typed."""

    def get_initial(self) -> dict[str, Any]:
        return {"email": self.request.GET.get("email", "")}


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, User):
        end_viewing(request.session, by=request.user, why="logout")
    end_session(request)
    return redirect("account_login")


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def choose_company(request: AuthedRequest) -> HttpResponse:
    """One address may stand for two companies; a session acts for one."""
    accesses = live_accesses(request.user).select_related("contact__customer").order_by("contact__customer__sort_name")
    target = request.GET.get("next", "")
    if request.method == "POST":
        access = accesses.filter(public_id=_uuid_or_404(request.POST.get("access", ""))).first()
        if access is None:
            raise Http404
        request.session[PORTAL_SESSION_KEY] = access.pk
        portal_services.remember_use(access)
        return redirect(target if get_adapter(request).is_safe_url(target) else "dashboards:portal_home")
    if not accesses:
        raise Http404
    return render(request, "accounts/choose.html", {"accesses": accesses, "next": target})


@require_POST
@staff_required()
def invite(request: AuthedRequest, public_id: UUID, contact_id: UUID) -> HttpResponse:
    customer = get_customer(request.user, public_id)
    contact = get_object_or_404(customer.contacts, public_id=contact_id)
    require_write(request.user, customer)
    form = InvitationForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError(_("Please choose one of the portal roles."))
        portal_services.invite_contact(contact, role=form.cleaned_data["role"], by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%(name)s is invited; the mail is on its way.") % {"name": contact})
    return redirect(customer.get_absolute_url() + "#contacts")


@require_POST
@staff_required()
def revoke(request: AuthedRequest, public_id: UUID, contact_id: UUID) -> HttpResponse:
    customer = get_customer(request.user, public_id)
    contact = get_object_or_404(customer.contacts, public_id=contact_id)
    require_write(request.user, customer)
    access = get_object_or_404(PortalAccess, contact=contact, revoked_at__isnull=True)
    portal_services.revoke_access(access, by=request.user)
    messages.success(request, _("%(name)s can no longer enter the portal.") % {"name": contact})
    return redirect(customer.get_absolute_url() + "#contacts")


def _uuid_or_404(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
