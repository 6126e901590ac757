"""Who did what: whole for an administrator, without personal values for leads and analysts."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthedRequest, staff_required
from accounts.audit.queries import Row, rows
from accounts.audit.services import record
from accounts.background import AUDIT_CHECK
from accounts.exports import export_csv
from accounts.jobs.models import Job
from accounts.jobs.services import start_job
from accounts.lists.pages import list_file, show_list
from accounts.models import Role, Workspace
from accounts.system.lists import AUDIT, READERS, reads_names
from cs_portal.kit.lists.base import narrowed

LONGEST_EXPORT = 100_000
HEADER = (
    "entry", "at", "person", "person_number", "verb", "record_type", "record_number", "words", "details", "network",
    "request_id", "hash",
)  # fmt: skip


@require_safe
@staff_required(*READERS)
def audit(request: AuthedRequest) -> HttpResponse:
    names = reads_names(request.user)
    return show_list(request, AUDIT, "system/audit.html", options={"extra": {"names": names}}, names=names)


@require_safe
@staff_required(*READERS)
def audit_file(request: AuthedRequest, kind: str) -> HttpResponse:
    """The list as it is shown."""
    return list_file(request, AUDIT, kind, options={"extra": {"names": reads_names(request.user)}})


@require_safe
@staff_required(*READERS)
def audit_csv(request: AuthedRequest) -> HttpResponse:
    """Whole entries with their hashes, under names for machines: what the filter leaves, the newest first."""
    found = narrowed(AUDIT, request.user, request.GET).rows.order_by("-pk")[:LONGEST_EXPORT]
    return export_csv("audit", HEADER, map(_line, rows(found, names=reads_names(request.user))), by=request.user)


def _line(row: Row) -> tuple[object, ...]:
    entry = row.entry
    return (
        entry.pk, entry.at.isoformat(), row.who, entry.actor_id, entry.verb, entry.target_type, entry.target_id,
        row.text, row.details, row.origin, entry.request_id, entry.hash,
    )  # fmt: skip


@require_POST
@staff_required(Role.ADMIN)
def audit_check(request: AuthedRequest) -> HttpResponse:
    """Start the check as a job; one at a time is enough."""
    if Job.objects.filter(kind=AUDIT_CHECK, state__in=Job.OPEN).exists():
        messages.warning(request, _("A check is already under way."))
        return redirect("system:jobs")
    with transaction.atomic():
        start_job(AUDIT_CHECK, by=request.user)
        record("audit.check_started", by=request.user, target=Workspace(singleton=True))
    messages.success(request, _("The check has begun. Its result appears here."))
    return redirect("system:jobs")
