"""What runs, waits and has ended: everybody's own, all for an administrator."""

import hashlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import EXPORTS, AuthedRequest, staff_required
from accounts.jobs import queries, services
from accounts.jobs.models import Job
from accounts.lists.pages import list_file, show_list
from accounts.models import Role
from accounts.system.running import JOBS

FOLLOWED = 200  # of these a change is noticed while the page is open


@require_safe
@staff_required()
def jobs(request: AuthedRequest) -> HttpResponse:
    """The page, or for htmx its list, and that only when there is something new."""
    seen = fingerprint(queries.recent_jobs(request.user)[:FOLLOWED])
    request.GET = request.GET.copy()  # type: ignore[assignment]
    known = request.GET.pop("seen", [])
    if request.htmx and seen in known:  # type: ignore[attr-defined]
        return HttpResponse(status=204)
    page = "system/_jobs.html" if request.htmx else "system/jobs.html"  # type: ignore[attr-defined]
    extra = _extra(request)
    return show_list(request, JOBS, page, options={"extra": extra}, seen=seen, sees_all=extra["sees_all"])


def _extra(request: AuthedRequest) -> dict[str, Any]:
    sees_all = request.user.role == Role.ADMIN
    return {"reader": request.user, "sees_all": sees_all, "csrf_token": get_token(request)}


def fingerprint(jobs: Iterable[Job]) -> str:
    states = [(job.pk, job.state, job.done, job.total, job.attempts) for job in jobs]
    return hashlib.sha256(repr(states).encode()).hexdigest()[:16]


@require_safe
@staff_required(*EXPORTS)
def jobs_file(request: AuthedRequest, kind: str) -> HttpResponse:
    return list_file(request, JOBS, kind, options={"extra": _extra(request)})


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
