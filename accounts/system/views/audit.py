"""Who did what: whole for an administrator, without personal values for leads and analysts."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthedRequest, staff_required
from accounts.audit.models import AuditEntry
from accounts.audit.queries import Row, entries_where, rows
from accounts.audit.services import record
from accounts.background import AUDIT_CHECK
from accounts.exports import export_csv
from accounts.jobs.models import Job
from accounts.jobs.services import start_job
from accounts.models import Role, Workspace
from accounts.system.forms import AuditFilter

READERS = (Role.ADMIN, Role.LEAD, Role.ANALYST)
PER_PAGE = 50
LONGEST_EXPORT = 100_000
HEADER = (
    "entry", "at", "person", "person_number", "verb", "record_type", "record_number", "words", "details", "network",
    "request_id", "hash",
)  # fmt: skip


def sees_names(request: AuthedRequest) -> bool:
    return request.user.role == Role.ADMIN


def chosen(request: AuthedRequest) -> tuple[AuditFilter, QuerySet[AuditEntry]]:
    """The filter and what it lets through: nothing while it is wrong."""
    form = AuditFilter(request.GET, names=sees_names(request))
    return form, entries_where(**form.cleaned_data) if form.is_valid() else AuditEntry.objects.none()


@require_safe
@staff_required(*READERS)
def audit(request: AuthedRequest) -> HttpResponse:
    form, entries = chosen(request)
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": rows(page.object_list, names=sees_names(request)),
        "names": sees_names(request),
        "is_filtered": form.is_bound and any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "system/audit.html", context)


@require_safe
@staff_required(*READERS)
def audit_csv(request: AuthedRequest) -> HttpResponse:
    """What the filter shows, the newest entries first."""
    _form, entries = chosen(request)
    found = rows(entries[:LONGEST_EXPORT], names=sees_names(request))
    return export_csv("audit", HEADER, map(_line, found), by=request.user)


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
