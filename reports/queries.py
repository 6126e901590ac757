"""Reads on value reports, always through the gate."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Viewer, customers_for, writable_customers_for
from accounts.models import Customer, PortalAccess, User
from cs_portal.kit.work import WorkItem
from reports.models import Rendering, ReportRelease, ReportState, ValueReport

SHOWN_TO_CONTACTS = (ReportState.RELEASED_BY_CSM, ReportState.RELEASED_BY_CUSTOMER, ReportState.ISSUED)
WAIT_FOR_CUSTOMER = timedelta(days=10)


def reports_for(user: Viewer) -> QuerySet[ValueReport]:
    """With customer and files, newest period first; two queries however many."""
    return _with_files(ValueReport.objects.filter(customer__in=customers_for(user)))


def portal_reports(access: PortalAccess) -> QuerySet[ValueReport]:
    """What was released to the contact's company."""
    own = ValueReport.objects.filter(customer=access.contact.customer, state__in=SHOWN_TO_CONTACTS)
    return _with_files(own)


def _with_files(reports: QuerySet[ValueReport]) -> QuerySet[ValueReport]:
    files = Prefetch("renderings", Rendering.objects.select_related("job").order_by("-pk"), to_attr="files")
    return reports.select_related("customer__owner", "created_by").prefetch_related(files)


def file_of(report: ValueReport) -> Rendering | None:
    """The file that stands for the report: that of its present content, the issued one if there is one."""
    files: list[Rendering] = report.files  # type: ignore[attr-defined]
    present = [file for file in files if file.content_hash == report.content_hash]
    wanted = Rendering.Stage.ISSUED if report.state == ReportState.ISSUED else Rendering.Stage.REVIEW
    return next((file for file in present if file.stage == wanted), None)


def has_sponsor(customer: Customer) -> bool:
    """Whether anybody at the customer may release a report."""
    accesses = PortalAccess.objects.filter(contact__customer=customer, contact__is_active=True, revoked_at__isnull=True)
    return accesses.filter(role=PortalAccess.PortalRole.SPONSOR).exists()


def customer_reports(customer: Customer) -> dict[str, Any]:
    """Context of reports/_customer_reports.html."""
    return {"report_rows": list(_with_files(customer.value_reports.all())[:12]), "customer": customer}


def portal_fragment(access: PortalAccess) -> dict[str, Any]:
    """Context of reports/_portal_reports.html."""
    return {"report_rows": list(portal_reports(access)[:12])}


# --- work lists -----------------------------------------------------------------------------------------


def work_items(user: User, customer: Customer | None = None) -> list[WorkItem]:
    """Reports of one's own customers, or of one, that wait for our release or too long for the customer; one query."""
    mine = writable_customers_for(user)
    if customer is not None:
        mine = mine.filter(pk=customer.pk)
    elif user.role != "csm":
        mine = mine.filter(owner=user)
    waiting = (ReportState.DRAFT, ReportState.IN_REVIEW, ReportState.RELEASED_BY_CSM)
    staff = Q(releases__side=ReportRelease.Side.STAFF)
    reports = ValueReport.objects.filter(customer__in=mine, state__in=waiting).select_related("customer")
    found = reports.annotate(released_at=Max("releases__released_at", filter=staff)).order_by("pk")
    return [item for report in found if (item := _work_item(report))]


def _work_item(report: ValueReport) -> WorkItem | None:
    words = {
        ReportState.DRAFT: (_("A value report is a draft"), _("Continue"), "report_draft"),
        ReportState.IN_REVIEW: (_("A value report waits for your release"), _("Release"), "report_review"),
        ReportState.RELEASED_BY_CSM: (_("The customer has not answered the report"), _("Issue"), "report_waiting"),
    }  # fmt: skip
    reason, button, kind = words[ReportState(report.state)]
    due: date | None = None
    if report.state == ReportState.RELEASED_BY_CSM:
        may_issue = report.released_at + WAIT_FOR_CUSTOMER  # type: ignore[attr-defined]
        if may_issue > timezone.now():
            return None
        due = timezone.localdate(may_issue)
    return WorkItem(reason, report.customer.name, report.get_absolute_url(), button, due, kind)


def portal_items(access: PortalAccess) -> list[WorkItem]:
    """Reports that wait for a sponsor's release."""
    if not access.may_sign:
        return []
    waiting = ValueReport.objects.filter(customer=access.contact.customer, state=ReportState.RELEASED_BY_CSM)
    return [
        WorkItem(
            _("A value report waits for your release"),
            report.customer.name,
            reverse("reports:portal_report", args=[report.public_id]),
            _("Read and release"),
            None,
            "report_release",
        )
        for report in waiting.select_related("customer")
    ]
