"""Goals and their indicators, for the customer's contacts."""

import re
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PortalRequest, portal_required
from accounts.models import PortalAccess
from accounts.services import workspace_settings
from cs_portal.kit.forms import status_of
from kvi import queries, services
from kvi.definition_form import DefinitionForm, first_values, initial_of
from kvi.forms import MeasurementForm, NoteForm
from kvi.models import Goal, Indicator, IndicatorVersion, VersionState
from kvi.models.indicators import Side
from kvi.scorecard import today
from kvi.standing import portal_goals
from kvi.views.shared import attempt, attempt_without_form, indicator_context, signed_by, waits_for

CONTRIBUTORS = ("sponsor", "champion", "key_user")


def _indicator(request: PortalRequest, public_id: UUID) -> Indicator:
    return get_object_or_404(queries.in_full(queries.portal_indicators(request.portal)), public_id=public_id)


def _version(indicator: Indicator, number: int) -> IndicatorVersion:
    shown = indicator.versions.filter(state__in=queries.SHOWN_TO_CUSTOMER)
    return get_object_or_404(shown.select_related("indicator__goal__customer"), number=number)


def _to(indicator: Indicator) -> HttpResponse:
    return redirect("kvi:portal_indicator", indicator.public_id)


@require_safe
@portal_required()
def goal(request: PortalRequest, public_id: UUID) -> HttpResponse:
    goal = get_object_or_404(queries.portal_goals(request.portal), public_id=public_id)
    rows = [row for row in portal_goals(request.portal)["goal_rows"] if row[0].pk == goal.pk]
    return render(request, "kvi/portal_goal.html", {"goal": goal, "rows": rows, "portal": request.portal})


@require_safe
@portal_required()
def indicator(request: PortalRequest, public_id: UUID) -> HttpResponse:
    return _indicator_page(request, _indicator(request, public_id))


def _indicator_page(request: PortalRequest, indicator: Indicator, **more: BaseForm) -> HttpResponse:
    context = indicator_context(indicator, everything="all" in request.GET, **more)
    portal, proposal = request.portal, context["proposal"]
    context |= {
        "portal": portal,
        "waits_for_us": waits_for(proposal, Side.CUSTOMER),
        "ours": proposal is not None and proposal.proposed_by_side == Side.CUSTOMER,
        "may_withdraw": _may_withdraw(portal, proposal),
    }
    context.setdefault("decline_form", NoteForm())
    return render(request, "kvi/portal_indicator.html", context, status=status_of(*more.values()))


def _may_withdraw(portal: PortalAccess, proposal: IndicatorVersion | None) -> bool:
    """Their own side's proposal; once a sponsor has signed it, a sponsor only."""
    if proposal is None or proposal.proposed_by_side != Side.CUSTOMER:
        return False
    return portal.may_sign or (portal.may_contribute and not signed_by(proposal, Side.CUSTOMER))


@portal_required(*CONTRIBUTORS)
def propose(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """A contact proposes an indicator for one of their goals."""
    goal: Goal = get_object_or_404(queries.portal_goals(request.portal), public_id=public_id)
    initial = first_values(max(goal.start_date, today(workspace_settings())))
    form = DefinitionForm(request.POST or None, language=request.user.language, initial=initial)
    made: list[IndicatorVersion] = []

    def save() -> None:
        made.append(services.propose_indicator(goal, by=request.user, access=request.portal, **form.definition()))

    if attempt(form, save):
        messages.success(request, _("Your proposal is with us now. You hear from us."))
        return _to(made[0].indicator)
    context = {"form": form, "goal": goal}
    return render(request, "kvi/portal_definition_form.html", context, status=status_of(form))


@portal_required(*CONTRIBUTORS)
def counter(request: PortalRequest, public_id: UUID, number: int) -> HttpResponse:
    if not request.portal.may_sign:
        raise PermissionDenied
    indicator = _indicator(request, public_id)
    version = _version(indicator, number)
    form = DefinitionForm(request.POST or None, initial=initial_of(version), language=request.user.language)
    note = request.POST.get("note", "")[:10_000].replace("\x00", "")

    def save() -> object:
        return services.counter_version(version, by=request.user, access=request.portal, note=note, **form.definition())

    if attempt(form, save):
        messages.success(request, _("Your change is with us now. It counts once we have accepted it."))
        return _to(indicator)
    context = {"form": form, "goal": indicator.goal, "indicator": indicator, "countering": version}
    return render(request, "kvi/portal_definition_form.html", context, status=status_of(form))


@require_POST
@portal_required(*CONTRIBUTORS)
def version_act(request: PortalRequest, public_id: UUID, number: int, verb: str) -> HttpResponse:
    indicator = _indicator(request, public_id)
    version, access = _version(indicator, number), request.portal
    if verb in ("accept", "decline") and not access.may_sign:
        raise PermissionDenied
    if verb == "decline":
        form = NoteForm(request.POST)
        if attempt(form, lambda: services.decline_version(
            version, by=request.user, note=form.cleaned_data["note"], access=access
        )):  # fmt: skip
            messages.success(request, _("Declined. We have been told why."))
            return _to(indicator)
        return _indicator_page(request, indicator, decline_form=form)
    acts = {
        "accept": (
            lambda: services.accept_version(version, by=request.user, access=access),
            _("Signed. Thank you: this is agreed now."),
        ),
        "withdraw": (
            lambda: services.withdraw_version(version, by=request.user, access=access), _("Withdrawn."),
        ),
    }  # fmt: skip
    attempt_without_form(request, *acts[verb])
    return _to(indicator)


@require_POST
@portal_required(*CONTRIBUTORS)
def measure(request: PortalRequest, public_id: UUID) -> HttpResponse:
    indicator = _indicator(request, public_id)
    version = queries.shown_version(indicator.all_versions)  # type: ignore[attr-defined]
    if version is None or version.state != VersionState.AGREED:
        messages.warning(request, _("Only an agreed indicator is measured."))
        return _to(indicator)
    form = MeasurementForm(request.POST, version=version, today=today(workspace_settings()))
    if attempt(
        form,
        lambda: services.record_measurement(indicator, by=request.user, access=request.portal, **form.cleaned_data),
    ):
        messages.success(request, _("Thank you. Your value counts from now on."))
        return _to(indicator)
    return _indicator_page(request, indicator, measurement_form=form)


@require_POST
@portal_required(*CONTRIBUTORS)
def measurement_act(request: PortalRequest, public_id: UUID, measurement_id: UUID, verb: str) -> HttpResponse:
    indicator = _indicator(request, public_id)
    row = indicator.measurements.filter(public_id=measurement_id).first()
    if row is None:
        raise Http404
    reason = request.POST.get("reason", "")[:10_000].replace("\x00", "")
    read = request.POST.get("revision", "")
    revision = int(read) if re.fullmatch("[0-9]{1,9}", read) else 0
    acts = {
        "confirm": (
            lambda: services.confirm_measurement(row, revision=revision, by=request.user),
            _("Confirmed. Thank you."),
        ),
        "dispute": (
            lambda: services.dispute_measurement(row, reason=reason, by=request.user),
            _("Disputed. The value no longer counts until it is put right."),
        ),
        "undispute": (lambda: services.withdraw_dispute(row, by=request.user), _("The dispute is withdrawn.")),
    }
    attempt_without_form(request, *acts[verb])
    return _to(indicator)
