"""What staff and portal pages of a report share."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.jobs.models import Job
from accounts.jobs.registry import reason_words
from reports.models import ReportState, ValueReport
from reports.presentation import document
from reports.queries import file_of
from reports.services import draft_content


def report_context(report: ValueReport) -> dict[str, Any]:
    """The report as its PDF tells it, and how far that PDF is."""
    final = report.state == ReportState.ISSUED
    return file_context(report) | {"document": document(report, draft_content(report), final=final)}


def file_context(report: ValueReport) -> dict[str, Any]:
    """Context of reports/_file.html."""
    file = file_of(report)
    return {
        "report": report,
        "file": file,
        "being_made": file is not None and file.job.is_open,
        "reason": reason_words(file.job) if file is not None else "",
        "failed": file is not None and file.job.state in Job.FRUITLESS,
    }


def asks_for_file(request: HttpRequest) -> bool:
    """Whether the page only wants to know how far its file is."""
    return bool(request.htmx) and request.htmx.target == "report-file"  # type: ignore[attr-defined]


def file_state(request: HttpRequest, report: ValueReport, **more: Any) -> HttpResponse:
    """The fragment once something is new; until then nothing, so that nobody is told the same every two seconds."""
    context = file_context(report) | more
    return HttpResponse(status=204) if context["being_made"] else render(request, "reports/_file.html", context)


def send_file(request: HttpRequest, report: ValueReport) -> HttpResponse:
    """The stored bytes; a page that says so when they are not there."""
    file = file_of(report)
    if file is None or file.job.state != Job.State.DONE:
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
