"""What staff and portal pages of a report share."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render

from reports.models import Rendering, ReportState, ValueReport
from reports.presentation import document
from reports.queries import file_of
from reports.services import draft_content


def report_context(report: ValueReport) -> dict[str, Any]:
    """The report as its PDF tells it, and how far that PDF is."""
    file = file_of(report)
    return {
        "report": report,
        "document": document(report, draft_content(report), final=report.state == ReportState.ISSUED),
        "file": file,
        "being_made": file is not None and file.state in (Rendering.State.WAITING, Rendering.State.CLAIMED),
        "failed": file is not None and file.state == Rendering.State.PARKED,
    }


def send_file(request: HttpRequest, report: ValueReport) -> HttpResponse:
    """The stored bytes; a page that says so when they are not there."""
    file = file_of(report)
    if file is None or file.state != Rendering.State.DONE:
        return render(request, "reports/no_file.html", {"report": report}, status=404)
    try:
        stored = file.file.open("rb")
    except OSError:
        return render(request, "reports/no_file.html", {"report": report, "lost": True}, status=404)
    name = f"value-report-{report.period_start}-{report.last_day}-{report.language}.pdf"
    return FileResponse(
        stored, as_attachment=True, filename=name, content_type="application/pdf",
        headers={"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"},
    )  # fmt: skip
