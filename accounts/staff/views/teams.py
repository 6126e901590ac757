"""Doors: teams and their members."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import AuthedRequest, staff_required
from accounts.models import Role, Team
from accounts.staff import queries, services
from accounts.staff.forms import TeamForm, TeamMembersForm
from cs_portal.kit.forms import status_of

from .shared import saved


@require_http_methods(["GET", "HEAD"])
@staff_required(Role.ADMIN, Role.LEAD)
def teams(request: AuthedRequest) -> HttpResponse:
    may_change = request.user.role == Role.ADMIN
    context = {"teams": queries.teams(), "may_change": may_change, "form": TeamForm()}
    return render(request, "accounts/teams.html", context)


@require_POST
@staff_required(Role.ADMIN)
def team_new(request: AuthedRequest) -> HttpResponse:
    form, made = TeamForm(request.POST), []
    if saved(form, lambda: made.append(services.create_team(by=request.user, **form.cleaned_data))):
        messages.success(request, _("The team is made. Add its members now."))
        return redirect("team", made[0].public_id)
    context = {"teams": queries.teams(), "may_change": True, "form": form}
    return render(request, "accounts/teams.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.ADMIN)
def team(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    row = get_object_or_404(Team, public_id=public_id)
    members = row.members.values_list("public_id", flat=True)
    form = TeamMembersForm(request.POST or None, initial={"name": row.name, "members": list(members)})
    if saved(form, lambda: services.change_team(row, by=request.user, **form.cleaned_data)):
        messages.success(request, _("The team is saved."))
        return redirect("teams")
    return render(request, "accounts/team.html", {"team": row, "form": form}, status=status_of(form))


@require_POST
@staff_required(Role.ADMIN)
def team_remove(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    services.remove_team(get_object_or_404(Team, public_id=public_id), by=request.user)
    messages.success(request, _("The team is removed; its members and their customers stay."))
    return redirect("teams")
