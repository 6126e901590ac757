"""Doors: from an empty installation to the first customer, step by step; each step can be left and taken up again."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import AuthedRequest, staff_required
from accounts.adapter import home_of, log_in
from accounts.identity.queries import last_test_mail
from accounts.identity.services import describe_workspace, send_test_mail
from accounts.models import Role, User
from accounts.services import workspace
from accounts.setup import services
from accounts.setup.forms import COUNTED, FirstAdminForm, FirstCustomerForm, FirstWorkspaceForm
from accounts.setup.queries import STEPS, setup_is_open
from accounts.staff.forms import ColleagueForm
from accounts.staff.services import invite_colleague
from accounts.staff.views.shared import saved
from accounts.workspace import change_settings, printed_settings
from cs_portal.kit.addresses import client_address
from cs_portal.kit.forms import status_of

GUESSES, GUESSING_WINDOW = 10, 600  # wrong codes per address, seconds


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """The form for the first administrator; there is no such page once there is one."""
    if not setup_is_open():
        raise Http404
    form = FirstAdminForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    if request.method == "POST" and _too_many_guesses(request):
        form.add_error(None, _("Too many attempts. Please wait ten minutes."))
    elif saved(form, lambda: log_in(request, _first_admin(form))):
        return redirect(home_of(request))
    return render(request, "accounts/setup.html", {"form": form, "number": 1}, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.ADMIN)
def setup_step(request: AuthedRequest, step: str) -> HttpResponse:
    """One step; whoever opens another one is led to the step that is next."""
    at = workspace().setup_step
    if step not in STEPS or not at:
        raise Http404
    if STEPS.index(step) > STEPS.index(at):
        return redirect("setup_step", at)
    form = FORMS[step](request)
    if request.method == "POST" and _done(request, step, form):
        return redirect(home_of(request) if _goes_on(request, step) else request.path)
    number = STEPS.index(step) + 2
    context = {"form": form, "number": number, "step": step, "mail": last_test_mail(request.user)}
    return render(request, f"accounts/setup_{step}.html", context, status=status_of(form))


def _first_admin(form: FirstAdminForm) -> User:
    data = dict(form.cleaned_data)
    password = data.pop("password1")
    del data["password2"]
    return services.create_first_admin(password=password, **data)


def _goes_on(request: AuthedRequest, step: str) -> bool:
    """The mail is tried and colleagues are invited as often as one likes; "next" leads on."""
    if step in ("mail", "colleagues") and "next" not in request.POST:
        return False
    services.finish_step(step, by=request.user)
    return True


def _done(request: AuthedRequest, step: str, form: forms.Form) -> bool:
    return "next" in request.POST or saved(form, lambda: WRITES[step](request.user, form.cleaned_data, request))


def _describe(user: User, data: dict[str, Any], request: HttpRequest) -> None:
    change_settings({name: data[name] for name in COUNTED}, by=user)
    describe_workspace({name: data[name] for name in data if name not in COUNTED}, by=user)


def _invite(user: User, data: dict[str, Any], request: HttpRequest) -> None:
    invite_colleague(by=user, **data)
    messages.success(request, _("%(name)s is invited; the mail is on its way.") % {"name": data["name"]})


def _workspace_form(request: AuthedRequest) -> forms.Form:
    row, printed = workspace(), printed_settings()
    stored = {name: printed[name] for name in COUNTED}
    stored |= {"name": row.name, "default_language": row.default_language, "strategy": row.strategy}
    return FirstWorkspaceForm(request.POST or None, initial=stored)


def _asked(request: AuthedRequest) -> Any:
    """What was sent, unless it only says that one goes on."""
    return request.POST if request.method == "POST" and "next" not in request.POST else None


FORMS = {
    "workspace": _workspace_form,
    "mail": lambda request: forms.Form(_asked(request)),
    "colleagues": lambda request: ColleagueForm(_asked(request), initial={"language": request.user.language}),
    "customer": lambda request: FirstCustomerForm(_asked(request)),
}
WRITES = {
    "workspace": _describe,
    "mail": lambda user, data, request: send_test_mail(by=user),
    "colleagues": _invite,
    "customer": lambda user, data, request: services.add_first_customer(by=user, **data),
}


def _too_many_guesses(request: HttpRequest) -> bool:
    key = f"setup-code:{client_address(request)}"
    cache.add(key, 0, GUESSING_WINDOW)
    try:
        return cache.incr(key) > GUESSES
    except ValueError:  # forgotten between the two lines
        return False
