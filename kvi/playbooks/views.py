"""Doors to the follow-ups, for colleagues only."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import EXPORTS, AuthedRequest, get_customer, require_write, staff_required
from accounts.lists.pages import list_file, show_list
from accounts.models import Customer
from kvi.playbooks import queries, services
from kvi.playbooks.forms import CloseForm, FollowUpForm, PeopleForm, SnoozeForm
from kvi.playbooks.history import follow_up_history
from kvi.playbooks.lists import FOLLOW_UPS
from kvi.playbooks.models import FollowUp
from kvi.views.shared import attempt


@require_safe
@staff_required()
def follow_ups(request: AuthedRequest) -> HttpResponse:
    return show_list(request, FOLLOW_UPS, "playbooks/follow_ups.html", nav_active="follow_ups")


@require_safe
@staff_required(*EXPORTS)
def follow_ups_file(request: AuthedRequest, kind: str) -> HttpResponse:
    return list_file(request, FOLLOW_UPS, kind)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def follow_up_new(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    customer = get_customer(request.user, public_id)
    require_write(request.user, customer)
    form = FollowUpForm(request.POST or None, customer=customer, initial=FollowUpForm.fresh(customer))
    made: list[FollowUp] = []
    if attempt(form, lambda: made.append(_open(request, form, customer))):
        messages.success(request, _("The follow-up is open."))
        return redirect(made[0])
    return render(request, "playbooks/follow_up_form.html", {"form": form, "customer": customer})


def _open(request: AuthedRequest, form: FollowUpForm, customer: Customer) -> FollowUp:
    wanted = form.cleaned_data
    return services.open_follow_up(
        customer, source=FollowUp.Source.HAND, source_id=wanted["key"], reason=wanted["reason"], due_at=wanted["due"],
        owner=wanted["owner"], deputy=wanted["deputy"], by=request.user,
    )  # fmt: skip


@require_safe
@staff_required()
def follow_up(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    return _page(request, _follow_up(request, public_id))


@require_POST
@staff_required()
def follow_up_act(request: AuthedRequest, public_id: UUID, verb: str) -> HttpResponse:
    """A form that has done its work shows the follow-up anew; one that has not says why at the field."""
    row = _follow_up(request, public_id)
    if not queries.may_work_on(request.user, row):
        raise PermissionDenied
    name, form, act = _act(request, row, verb)
    if not attempt(form, act):
        return _page(request, row, **{name: form})
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, _("Saved."))
        return redirect(row)
    return _page(request, _follow_up(request, public_id), saved=True)


def _act(request: AuthedRequest, row: FollowUp, verb: str) -> tuple[str, forms.Form, Callable[[], object]]:
    """The context's name of the form, the form, and what it is for."""
    by = request.user
    if verb == "assign":
        people = PeopleForm(request.POST, customer=row.customer)
        return "people_form", people, lambda: services.assign_follow_up(row, by=by, **people.cleaned_data)
    if verb == "snooze":
        snooze = SnoozeForm(request.POST)
        return "snooze_form", snooze, lambda: services.snooze_follow_up(row, by=by, **snooze.cleaned_data)
    close = CloseForm(request.POST)
    acts: dict[str, Callable[[], object]] = {
        "close": lambda: services.close_follow_up(row, by=by, **close.cleaned_data),
        "cancel": lambda: services.cancel_follow_up(row, by=by, note=close.cleaned_data["note"]),
        "reopen": lambda: services.reopen_follow_up(row, by=by),
    }
    return "close_form", close, acts[verb]


def _follow_up(request: AuthedRequest, public_id: UUID) -> FollowUp:
    return get_object_or_404(queries.follow_ups_for(request.user), public_id=public_id)


def _page(request: AuthedRequest, row: FollowUp, **more: object) -> HttpResponse:
    context: dict[str, object] = {
        "nav_active": "follow_ups", "follow_up": row, "customer": row.customer,
        "may_work": queries.may_work_on(request.user, row), "history": follow_up_history(row),
    }  # fmt: skip
    if context["may_work"]:
        given = {"owner": row.owner and row.owner.public_id, "deputy": row.deputy and row.deputy.public_id}
        context |= {
            "close_form": CloseForm(initial={"note": row.note}), "snooze_form": SnoozeForm(),
            "people_form": PeopleForm(customer=row.customer, initial=given),
        }  # fmt: skip
    page = "playbooks/_follow_up.html" if request.htmx else "playbooks/follow_up.html"  # type: ignore[attr-defined]
    return render(request, page, context | more)
