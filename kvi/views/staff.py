"""Goals and their indicators, for colleagues."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthedRequest, get_customer, may_write, require_write, staff_required
from accounts.services import workspace_settings
from cs_portal.kit.forms import status_of
from kvi import queries, services
from kvi.definition_form import DefinitionForm, first_values, initial_of, initial_of_template
from kvi.forms import GoalForm, MeasurementForm, NoteForm, ProposeForm, RecordForm
from kvi.history import goal_history, indicator_history
from kvi.models import Goal, Indicator, IndicatorVersion, VersionState
from kvi.models.indicators import Side
from kvi.scorecard import today
from kvi.standing import customer_goals
from kvi.templates_gallery import GALLERY
from kvi.views.shared import attempt, attempt_without_form, indicator_context, waits_for


def _indicator(request: AuthedRequest, public_id: UUID, *, write: bool = False) -> Indicator:
    indicator = get_object_or_404(queries.in_full(queries.indicators_for(request.user)), public_id=public_id)
    if write:
        require_write(request.user, indicator.goal.customer)
    return indicator


def _goal(request: AuthedRequest, public_id: UUID, *, write: bool = False) -> Goal:
    goal = get_object_or_404(queries.goals_for(request.user), public_id=public_id)
    if write:
        require_write(request.user, goal.customer)
    return goal


def _version(indicator: Indicator, number: int) -> IndicatorVersion:
    return get_object_or_404(indicator.versions.select_related("indicator__goal__customer"), number=number)


# --- goals ------------------------------------------------------------------------------------------


@staff_required()
def goal_new(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    customer = get_customer(request.user, public_id)
    require_write(request.user, customer)
    form = GoalForm(request.POST or None, customer=customer, initial={"start_date": today(workspace_settings())})
    made: list[Goal] = []
    if attempt(form, lambda: made.append(services.create_goal(customer, by=request.user, **form.cleaned_data))):
        return redirect("kvi:indicator_new", made[0].public_id)
    return render(request, "kvi/goal_form.html", {"form": form, "customer": customer}, status=status_of(form))


@staff_required()
def goal_edit(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    goal = _goal(request, public_id, write=True)
    form = GoalForm(request.POST or None, customer=goal.customer, instance=goal)
    if attempt(form, lambda: services.edit_goal(goal, by=request.user, **form.cleaned_data)):
        messages.success(request, _("Saved."))
        return redirect(goal)
    context = {"form": form, "customer": goal.customer, "goal": goal}
    return render(request, "kvi/goal_form.html", context, status=status_of(form))


@require_safe
@staff_required()
def goal(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    return _goal_page(request, _goal(request, public_id), NoteForm())


def _goal_page(request: AuthedRequest, goal: Goal, form: NoteForm) -> HttpResponse:
    rows = customer_goals(goal.customer, request.user)["goal_rows"]
    context = {
        "goal": goal,
        "rows": [row for row in rows if row[0].pk == goal.pk],
        "may_write": may_write(request.user, goal.customer),
        "reviews": goal.reviews.select_related("by"),
        "history": goal_history(goal),
        "form": form,
        "today": today(workspace_settings()),
    }
    return render(request, "kvi/goal.html", context, status=status_of(form))


@require_POST
@staff_required()
def goal_act(request: AuthedRequest, public_id: UUID, verb: str) -> HttpResponse:
    goal = _goal(request, public_id, write=True)
    form = NoteForm(request.POST)
    note = partial(lambda: form.cleaned_data["note"])
    acts = {
        "achieve": lambda: services.achieve_goal(goal, by=request.user, note=note()),
        "retire": lambda: services.retire_goal(goal, by=request.user, note=note()),
        "still": lambda: services.review_goal(goal, still_valid=True, by=request.user, note=note()),
        "changed": lambda: services.review_goal(goal, still_valid=False, by=request.user, note=note()),
    }
    if attempt(form, acts[verb]):
        messages.success(request, _("Saved."))
        return redirect(goal)
    return _goal_page(request, goal, form)


# --- defining ---------------------------------------------------------------------------------------


@staff_required()
def indicator_new(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    goal = _goal(request, public_id, write=True)
    template = GALLERY.get(request.GET.get("template", ""))
    initial = first_values(max(goal.start_date, today(workspace_settings())))
    initial |= initial_of_template(template) if template else {}
    form = DefinitionForm(request.POST or None, initial=initial, language=goal.customer.language)
    made: list[IndicatorVersion] = []
    if attempt(form, lambda: made.append(services.draft_version(goal, by=request.user, **form.definition()))):
        return redirect(made[0].indicator)
    language = get_language() or "en"
    gallery = [(key, entry["texts"].get(language, entry["texts"]["en"])) for key, entry in GALLERY.items()]
    chosen = next((texts for key, texts in gallery if key == request.GET.get("template")), None)
    context = {"form": form, "goal": goal, "gallery": gallery, "chosen": chosen}
    return render(request, "kvi/definition_form.html", context, status=status_of(form))


@staff_required()
def version_new(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """The next version of an agreed indicator; an open draft is continued."""
    indicator = _indicator(request, public_id, write=True)
    draft = indicator.versions.filter(state=VersionState.DRAFT).first()
    basis = draft or queries.shown_version(indicator.all_versions)  # type: ignore[attr-defined]
    if basis is None:
        raise PermissionDenied
    form = DefinitionForm(request.POST or None, initial=initial_of(basis), language=indicator.goal.customer.language)

    def save() -> object:
        if draft is not None:
            return services.redraft_version(draft, by=request.user, **form.definition())
        return services.draft_version(indicator.goal, by=request.user, indicator=indicator, **form.definition())

    if attempt(form, save):
        return redirect(indicator)
    context = {"form": form, "goal": indicator.goal, "indicator": indicator}
    return render(request, "kvi/definition_form.html", context, status=status_of(form))


@staff_required()
def counter(request: AuthedRequest, public_id: UUID, number: int) -> HttpResponse:
    indicator = _indicator(request, public_id, write=True)
    version = _version(indicator, number)
    form = DefinitionForm(request.POST or None, initial=initial_of(version), language=indicator.goal.customer.language)
    if attempt(form, lambda: services.counter_version(version, by=request.user, **form.definition())):
        messages.success(request, _("Your change is proposed to the customer."))
        return redirect(indicator)
    context = {"form": form, "goal": indicator.goal, "indicator": indicator, "countering": version}
    return render(request, "kvi/definition_form.html", context, status=status_of(form))


# --- one indicator ----------------------------------------------------------------------------------


@require_safe
@staff_required()
def indicator(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    return _indicator_page(request, _indicator(request, public_id))


def _indicator_page(request: AuthedRequest, indicator: Indicator, **more: BaseForm) -> HttpResponse:
    customer = indicator.goal.customer
    context = indicator_context(indicator, everything="all" in request.GET, **more)
    draft = next((v for v in context["versions"] if v.state == VersionState.DRAFT), None)
    forms = {"propose_form": ProposeForm(customer=customer), "record_form": RecordForm(customer=customer)}
    context = forms | context | {
        "draft": draft,
        "may_write": may_write(request.user, customer),
        "may_record": services.may_record_agreement(request.user, indicator),
        "history": indicator_history(indicator),
        "waits_for_us": waits_for(context["proposal"], Side.STAFF),
        "may_remind": context["proposal"] is not None and services.may_remind(context["proposal"]),
    }  # fmt: skip
    page = "kvi/_measurements.html" if request.htmx and "measurement_form" in more else "kvi/indicator.html"  # type: ignore[attr-defined]
    return render(request, page, context, status=status_of(*more.values()))


@require_POST
@staff_required()
def propose(request: AuthedRequest, public_id: UUID, number: int) -> HttpResponse:
    indicator = _indicator(request, public_id, write=True)
    version, form = _version(indicator, number), ProposeForm(request.POST, customer=indicator.goal.customer)
    if attempt(form, lambda: services.propose_version(version, by=request.user, to=form.cleaned_data["to"])):
        messages.success(request, _("Proposed. The contact gets a mail, and you hear of the answer."))
        return redirect(indicator)
    return _indicator_page(request, indicator, propose_form=form)


@require_POST
@staff_required()
def record_agreement(request: AuthedRequest, public_id: UUID, number: int) -> HttpResponse:
    indicator = _indicator(request, public_id, write=True)
    if not services.may_record_agreement(request.user, indicator):
        raise PermissionDenied
    version, form = _version(indicator, number), RecordForm(request.POST, customer=indicator.goal.customer)
    if attempt(form, lambda: services.record_agreement(version, by=request.user, **form.cleaned_data)):
        messages.success(request, _("Recorded as agreed outside the portal."))
        return redirect(indicator)
    return _indicator_page(request, indicator, record_form=form)


@require_POST
@staff_required()
def version_act(request: AuthedRequest, public_id: UUID, number: int, verb: str) -> HttpResponse:
    indicator = _indicator(request, public_id, write=True)
    version, note = _version(indicator, number), request.POST.get("note", "")[:10_000].replace("\x00", "")
    acts = {
        "accept": (lambda: services.accept_version(version, by=request.user), _("Accepted.")),
        "withdraw": (lambda: services.withdraw_version(version, by=request.user), _("Withdrawn.")),
        "remind": (lambda: services.remind_of_proposal(version, by=request.user), _("The mail is sent again.")),
        "decline": (lambda: services.decline_version(version, by=request.user, note=note), _("Declined.")),
        "retire": (lambda: services.retire_indicator(indicator, by=request.user), _("Retired.")),
    }
    attempt_without_form(request, *acts[verb])
    return redirect(indicator)


@require_POST
@staff_required()
def measure(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    indicator = _indicator(request, public_id, write=True)
    version = queries.shown_version(indicator.all_versions)  # type: ignore[attr-defined]
    if version is None or version.state != VersionState.AGREED:
        messages.warning(request, _("Only an agreed indicator is measured."))
        return redirect(indicator)
    form = MeasurementForm(request.POST, version=version, today=today(workspace_settings()))
    if attempt(form, lambda: services.record_measurement(indicator, by=request.user, **form.cleaned_data)):
        if not request.htmx:  # type: ignore[attr-defined]
            messages.success(request, _("Recorded. The customer is asked to confirm it."))
            return redirect(indicator)
        form = MeasurementForm(version=version, today=today(workspace_settings()))
    return _indicator_page(request, _indicator(request, public_id), measurement_form=form)
