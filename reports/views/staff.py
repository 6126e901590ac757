"""Value reports, for colleagues."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import EXPORTS, AuthedRequest, get_customer, may_write, require_write, staff_required
from accounts.jobs.services import retry_job
from accounts.lists.pages import list_file, show_list
from cs_portal.kit.forms import status_of
from kvi.views.shared import attempt, attempt_without_form
from reports import queries, services
from reports.forms import CommentForm, ReportForm
from reports.history import report_history
from reports.lists import REPORTS
from reports.models import ReportState, ValueReport
from reports.views.shared import asks_for_file, file_state, report_context, send_file


def _report(request: AuthedRequest, public_id: UUID, *, write: bool = False) -> ValueReport:
    report = get_object_or_404(queries.reports_for(request.user), public_id=public_id)
    if write:
        require_write(request.user, report.customer)
    return report


@require_safe
@staff_required()
def reports(request: AuthedRequest) -> HttpResponse:
    return show_list(request, REPORTS, "reports/reports.html", nav_active="reports")


@require_safe
@staff_required(*EXPORTS)
def reports_file(request: AuthedRequest, kind: str) -> HttpResponse:
    return list_file(request, REPORTS, kind)


@staff_required()
def report_new(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    customer = get_customer(request.user, public_id)
    require_write(request.user, customer)
    language = customer.language[:2].lower()
    form = ReportForm(request.POST or None, initial={"language": language if language in ("de", "en") else "en"})
    made: list[ValueReport] = []
    if attempt(form, lambda: made.append(services.create_report(customer, by=request.user, **_wanted(form)))):
        return redirect(made[0])
    return render(request, "reports/report_form.html", {"form": form, "customer": customer}, status=status_of(form))


def _wanted(form: ReportForm) -> dict[str, object]:
    return {name: form.cleaned_data[name] for name in ("period", "language")}


@require_safe
@staff_required()
def report(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    report = _report(request, public_id)
    if asks_for_file(request):
        return file_state(request, report, may_write=may_write(request.user, report.customer))
    return _report_page(request, report, CommentForm(initial={"comment": report.comment}))


def _report_page(request: AuthedRequest, report: ValueReport, form: CommentForm) -> HttpResponse:
    alone_from = services.may_issue_alone_from(report) if report.state == ReportState.RELEASED_BY_CSM else None
    context = report_context(report) | {
        "may_write": may_write(request.user, report.customer),
        "form": form,
        "has_sponsor": queries.has_sponsor(report.customer),
        "history": report_history(report),
        "alone_from": alone_from,
        "may_issue_alone": alone_from is not None and alone_from <= timezone.now(),
    }  # fmt: skip
    return render(request, "reports/report.html", context, status=status_of(form))


@require_POST
@staff_required()
def report_comment(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    report = _report(request, public_id, write=True)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _report_page(request, report, form)
    words = form.cleaned_data["comment"]
    attempt_without_form(request, lambda: services.set_comment(report, words, by=request.user), _("Saved."))
    return redirect(report)


@require_POST
@staff_required()
def report_act(request: AuthedRequest, public_id: UUID, verb: str) -> HttpResponse:
    report = _report(request, public_id, write=True)
    acts = {
        "submit": (services.submit_for_review, _("Frozen for review. The PDF is being made.")),
        "reopen": (services.back_to_draft, _("Back to draft. Numbers are read anew.")),
        "release": (services.release_by_csm, _("Released. The customer's sponsors get a mail.")),
        "issue": (services.issue_without_customer, _("Issued, marked as not released by the customer.")),
    }
    if verb not in acts:
        raise Http404
    act, done = acts[verb]
    attempt_without_form(request, lambda: act(report, by=request.user), done)
    return redirect(report)


@require_POST
@staff_required()
def report_retry(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    report = _report(request, public_id, write=True)
    if (file := queries.file_of(report)) is not None:
        retry_job(file.job, by=request.user)
    return redirect(report)


@require_safe
@staff_required()
def report_file(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    return send_file(request, _report(request, public_id))
