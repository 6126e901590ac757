"""The workspace's settings and people, and everybody's own choices."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import AuthedRequest, staff_required
from accounts.forms import ProfileForm
from accounts.models import Role
from accounts.people_services import update_profile
from accounts.workspace import SettingError, change_settings
from accounts.workspace_forms import WorkspaceForm
from cs_portal.kit.forms import status_of

CHANGES_SETTINGS = frozenset({Role.ADMIN, Role.LEAD, Role.ANALYST})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def settings_page(request: AuthedRequest) -> HttpResponse:
    """Every colleague may read how numbers are computed; who may change it says design.md, section 5."""
    may_change = request.user.role in CHANGES_SETTINGS
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    form = WorkspaceForm(request.POST or None)
    if form.is_valid():
        try:
            change_settings(form.cleaned_data, by=request.user)
        except SettingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The settings are saved."))
            return redirect("dashboards:settings")
    context = {"nav_active": "settings", "form": form, "may_change": may_change}
    return render(request, "dashboards/settings.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: AuthedRequest) -> HttpResponse:
    """Name, language and time zone; for colleagues and contacts alike."""
    user = request.user
    chosen = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
    form = ProfileForm(request.POST or None, initial=chosen)
    if form.is_valid():
        update_profile(user, **form.cleaned_data)
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Your choices are saved."))
        return redirect("dashboards:profile")
    base = "base.html" if user.is_colleague else "portal.html"
    context = {"form": form, "base": base, "nav_active": "profile"}
    return render(request, "dashboards/profile.html", context, status=status_of(form))
