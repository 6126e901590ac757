"""Value reports, for the customer: read, released by a sponsor."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PortalRequest, portal_required
from kvi.views.shared import attempt_without_form
from reports import queries, services
from reports.models import ValueReport
from reports.views.shared import asks_for_file, file_state, report_context, send_file


def _report(request: PortalRequest, public_id: UUID) -> ValueReport:
    return get_object_or_404(queries.portal_reports(request.portal), public_id=public_id)


@require_safe
@portal_required()
def portal_reports(request: PortalRequest) -> HttpResponse:
    rows = list(queries.portal_reports(request.portal)[:200])
    return render(request, "reports/portal_reports.html", {"report_rows": rows, "portal": request.portal})


@require_safe
@portal_required()
def portal_report(request: PortalRequest, public_id: UUID) -> HttpResponse:
    report = _report(request, public_id)
    if asks_for_file(request):
        return file_state(request, report, portal=request.portal)
    context = report_context(report) | {"portal": request.portal}
    return render(request, "reports/portal_report.html", context)


@require_POST
@portal_required()
def portal_release(request: PortalRequest, public_id: UUID) -> HttpResponse:
    report = _report(request, public_id)
    if not request.portal.may_sign:
        raise PermissionDenied
    attempt_without_form(
        request,
        lambda: services.release_by_customer(report, access=request.portal),
        _("Released. Thank you. The final PDF is being made."),
    )
    return redirect("reports:portal_report", report.public_id)


@require_safe
@portal_required()
def portal_file(request: PortalRequest, public_id: UUID) -> HttpResponse:
    return send_file(request, _report(request, public_id))
