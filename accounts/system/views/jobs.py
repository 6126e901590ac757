"""What runs, waits and has ended: everybody's own, all for an administrator."""

import hashlib
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthedRequest, staff_required
from accounts.jobs import queries, services
from accounts.jobs.queries import JobRow
from accounts.models import Role


@require_safe
@staff_required()
def jobs(request: AuthedRequest) -> HttpResponse:
    """The page, or for htmx its list, and that only when there is something new."""
    rows = queries.recent_jobs(request.user)
    seen = fingerprint(rows)
    if request.htmx and request.GET.get("seen") == seen:  # type: ignore[attr-defined]
        return HttpResponse(status=204)
    page = "system/_jobs.html" if request.htmx else "system/jobs.html"  # type: ignore[attr-defined]
    return render(request, page, {"rows": rows, "seen": seen, "sees_all": request.user.role == Role.ADMIN})


def fingerprint(rows: list[JobRow]) -> str:
    states = [(row.job.pk, row.job.state, row.job.done, row.job.total, row.job.attempts) for row in rows]
    return hashlib.sha256(repr(states).encode()).hexdigest()[:16]


@require_POST
@staff_required()
def job_cancel(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    job = get_object_or_404(queries.jobs_for(request.user), public_id=public_id)
    if services.cancel_job(job, by=request.user):
        messages.success(request, _("Cancelled."))
    else:
        messages.warning(request, _("This job cannot be cancelled any more."))
    return redirect("system:jobs")


@require_POST
@staff_required()
def job_retry(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    job = get_object_or_404(queries.jobs_for(request.user), public_id=public_id)
    if services.retry_job(job, by=request.user):
        messages.success(request, _("Started again."))
    else:
        messages.warning(request, _("This job has not failed: there is nothing to start again."))
    return redirect("system:jobs")
