"""Doors: who works here, with which role, and whether they may come in."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import AuthedRequest, staff_required
from accounts.lists.pages import list_file, show_list
from accounts.models import Role
from accounts.security.queries import second_factors
from accounts.security.services import reset_second_factors
from accounts.staff import queries, services
from accounts.staff.forms import ColleagueForm, PersonTeamsForm, RoleForm
from accounts.staff.lists import PEOPLE
from cs_portal.kit.forms import status_of

from .shared import get_colleague, saved, tried

ACTS = {
    "deactivate": (services.deactivate, gettext_lazy("%(name)s can no longer log in; all their sessions have ended.")),
    "reactivate": (services.reactivate, gettext_lazy("%(name)s may come in again.")),
    "resend": (services.resend_invitation, gettext_lazy("A new link is on its way to %(name)s.")),
    "second-factor": (
        reset_second_factors,
        gettext_lazy("The second factors of %(name)s are removed; they log in with the password and set up new ones."),
    ),
    "withdraw": (services.withdraw_invitation, gettext_lazy("The invitation of %(name)s is withdrawn.")),
}


@require_safe
@staff_required(Role.ADMIN, Role.LEAD)
def people(request: AuthedRequest) -> HttpResponse:
    return show_list(request, PEOPLE, "accounts/people.html")


@require_safe
@staff_required(Role.ADMIN, Role.LEAD)
def people_file(request: AuthedRequest, kind: str) -> HttpResponse:
    return list_file(request, PEOPLE, kind)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.ADMIN)
def invite(request: AuthedRequest) -> HttpResponse:
    form = ColleagueForm(request.POST or None, initial={"language": request.user.language})
    if saved(form, lambda: services.invite_colleague(by=request.user, **form.cleaned_data)):
        done = _("%(name)s is invited; the mail is on its way.") % {"name": form.cleaned_data["name"]}
        messages.success(request, done)
        return redirect("people")
    return render(request, "accounts/person_invite.html", {"form": form}, status=status_of(form))


@require_safe
@staff_required(Role.ADMIN, Role.LEAD)
def person(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    row = queries.person_row(get_colleague(public_id))
    teams = [team.public_id for team in row.person.teams.all()]
    context = {
        "row": row,
        "has_factor": second_factors(row.person).exists(),
        "holdings": queries.holdings(row.person),
        "person": row.person,
        "may_change": request.user.role == Role.ADMIN,
        "role_form": RoleForm(initial={"role": row.person.role}),
        "teams_form": PersonTeamsForm(initial={"teams": teams}),
    }
    return render(request, "accounts/person.html", context)


@require_POST
@staff_required(Role.ADMIN)
def person_role(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    person = get_colleague(public_id)
    form = RoleForm(request.POST)
    if form.is_valid():
        done = _("%(name)s has another role now and logs in again.") % {"name": person}
        tried(request, lambda: services.change_role(person, role=form.cleaned_data["role"], by=request.user), done)
    else:
        messages.error(request, _("Please choose one of the roles."))
    return redirect("person", public_id)


@require_POST
@staff_required(Role.ADMIN)
def person_teams(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    person = get_colleague(public_id)
    form = PersonTeamsForm(request.POST)
    if form.is_valid():
        services.change_teams(person, teams=form.cleaned_data["teams"], by=request.user)
        messages.success(request, _("The teams of %(name)s are saved.") % {"name": person})
    else:
        messages.error(request, _("One of these teams does not exist any more."))
    return redirect("person", public_id)


@require_POST
@staff_required(Role.ADMIN)
def person_act(request: AuthedRequest, public_id: UUID, verb: str) -> HttpResponse:
    person = get_colleague(public_id)
    if verb not in ACTS:
        raise Http404
    write, done = ACTS[verb]
    tried(request, lambda: write(person, by=request.user), done % {"name": person})
    return redirect("person", public_id)
