"""Doors: what the workspace says about itself, whether its mail arrives, who needs a second factor."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import AuthedRequest, staff_required
from accounts.identity import services
from accounts.identity.forms import IdentityForm, SecondFactorRolesForm, described
from accounts.identity.queries import last_test_mail
from accounts.models import Role
from accounts.security.services import require_second_factor
from accounts.services import workspace
from cs_portal.kit.forms import status_of


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.ADMIN, Role.LEAD)
def general(request: AuthedRequest) -> HttpResponse:
    row = workspace()
    form = IdentityForm(request.POST or None, initial=described(row))
    if form.is_valid():
        services.describe_workspace(form.cleaned_data, by=request.user)
        messages.success(request, _("The settings are saved."))
        return redirect("workspace_general")
    context = {
        "form": form,
        "roles_form": SecondFactorRolesForm(initial={"roles": row.mfa_roles}),
        "mail": last_test_mail(request.user),
    }
    return render(request, "accounts/general.html", context, status=status_of(form))


@require_POST
@staff_required(Role.ADMIN, Role.LEAD)
def mail_test(request: AuthedRequest) -> HttpResponse:
    services.send_test_mail(by=request.user)
    return redirect("workspace_general")


@require_POST
@staff_required(Role.ADMIN)
def second_factor_roles(request: AuthedRequest) -> HttpResponse:
    form = SecondFactorRolesForm(request.POST)
    if form.is_valid():
        require_second_factor(form.cleaned_data["roles"], by=request.user)
        messages.success(request, _("The settings are saved."))
    else:
        messages.error(request, _("Please choose one of the roles."))
    return redirect("workspace_general")
