"""Draft, review, release by both sides, issue. From our release on nothing of the content changes any more."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.services import record
from accounts.models import Customer, PortalAccess, User
from accounts.services import workspace_settings
from cs_portal.metrics.base import Period
from kvi.scorecard import today
from reports import mails, notices
from reports.builder import build
from reports.content import Content, content_hash, has_data
from reports.models import Rendering, ReportRelease, ReportState, ValueReport
from reports.queries import WAIT_FOR_CUSTOMER
from reports.services.renderings import ask_for

LANGUAGES = ("de", "en")
Side = ReportRelease.Side


class NotNow(ValidationError):
    """The report is not in a state that allows this; somebody was faster."""


@transaction.atomic
def create_report(customer: Customer, period: Period, language: str, *, by: User) -> ValueReport:
    """A draft for the period; one that exists already for the same is continued.

    Raises ValidationError at ``period`` when it is not over yet or holds nothing to tell.
    """
    if language not in LANGUAGES:
        raise ValidationError({"language": _("A report is in German or in English.")})
    if period.last_day > today(workspace_settings()):
        raise ValidationError({"period": _("This period is not over yet. Choose one that ended by today.")})
    customer = Customer.objects.select_for_update().get(pk=customer.pk)  # a double click waits for the first
    wanted = {"period_start": period.start, "period_end": period.end, "language": language}
    if same := customer.value_reports.filter(state=ReportState.DRAFT, **wanted).first():
        return same
    if not has_data(build(customer, period, language, "")):
        raise ValidationError(
            {"period": _("There is nothing to report for this period: no agreed indicator and no answer to a survey.")}
        )
    report = ValueReport.objects.create(customer=customer, created_by=by, **wanted)
    record("report.created", by=by, target=report)
    return report


@transaction.atomic
def set_comment(report: ValueReport, comment: str, *, by: User) -> ValueReport:
    """Our words to the customer: plain text, an empty line begins a paragraph. Only in a draft."""
    report = _locked(report, ReportState.DRAFT)
    report.comment = comment.strip()
    report.save(update_fields=["comment"])
    record("report.commented", by=by, target=report)
    return report


def draft_content(report: ValueReport) -> Content:
    """What the report says today: frozen when it is submitted, until then as known now."""
    if report.content is not None:
        return report.content  # type: ignore[no-any-return]
    period = Period(report.period_start, report.period_end)
    return build(report.customer, period, report.language, report.comment)


@transaction.atomic
def submit_for_review(report: ValueReport, *, by: User) -> ValueReport:
    """Freeze the content and have its PDF made."""
    report = _locked(report, ReportState.DRAFT)
    content = draft_content(report)
    if not has_data(content):
        raise ValidationError(_("There is nothing to report any more: no agreed indicator and no answer."))
    report.frozen_at = timezone.now()
    report.content = content | {"frozen_at": report.frozen_at.isoformat()}
    report.content_hash = content_hash(report.content)
    report.state = ReportState.IN_REVIEW
    report.save()
    ask_for(report, Rendering.Stage.REVIEW, by=by)
    record("report.submitted", by=by, target=report, content_hash=report.content_hash)
    return report


@transaction.atomic
def back_to_draft(report: ValueReport, *, by: User) -> ValueReport:
    """Thaw what nobody has released; numbers are read anew."""
    report = _locked(report, ReportState.IN_REVIEW)
    report.content, report.content_hash, report.frozen_at = None, "", None
    report.state = ReportState.DRAFT
    report.save()
    record("report.reopened", by=by, target=report)
    return report


@transaction.atomic
def release_by_csm(report: ValueReport, *, by: User) -> ValueReport:
    """Our side's release; a draft is frozen on the way. The customer's sponsors are asked for theirs."""
    if report.state == ReportState.DRAFT:
        report = submit_for_review(report, by=by)
    report = _locked(report, ReportState.IN_REVIEW)
    _sign(report, Side.STAFF, by=by)
    report.state = ReportState.RELEASED_BY_CSM
    report.save(update_fields=["state"])
    record("report.released", by=by, target=report, side=Side.STAFF, content_hash=report.content_hash)
    mails.ask_sponsors(report)
    return report


@transaction.atomic
def release_by_customer(report: ValueReport, *, access: PortalAccess) -> ValueReport:
    """A sponsor's release: the report is issued and its final PDF made. Two at once store one release."""
    if not access.may_sign or access.contact.customer_id != report.customer_id:
        raise ValidationError(_("Only a sponsor releases for your company."), code="may_not_sign")
    report = _locked(report, ReportState.RELEASED_BY_CSM)
    _sign(report, Side.CUSTOMER, by=access.user, access=access)
    record("report.released", by=access.user, target=report, side=Side.CUSTOMER, content_hash=report.content_hash)
    _issue(report, by=access.user)
    notices.customer_released(report)
    return report


@transaction.atomic
def issue_without_customer(report: ValueReport, *, by: User) -> ValueReport:
    """After ten days without an answer; from then on marked "not released by the customer"."""
    report = _locked(report, ReportState.RELEASED_BY_CSM)
    if timezone.now() < may_issue_alone_from(report):
        raise NotNow(_("The customer has ten days to release the report."), code="too_early")
    report.issued_without_customer = True
    _issue(report, by=by)
    return report


def may_issue_alone_from(report: ValueReport) -> datetime:
    return report.releases.get(side=Side.STAFF).released_at + WAIT_FOR_CUSTOMER


def _issue(report: ValueReport, *, by: User) -> None:
    report.state, report.issued_at = ReportState.ISSUED, timezone.now()
    report.save(update_fields=["state", "issued_at", "issued_without_customer"])
    ask_for(report, Rendering.Stage.ISSUED, by=by)
    record("report.issued", by=by, target=report, without_customer=report.issued_without_customer)


def _sign(report: ValueReport, side: str, *, by: User, access: PortalAccess | None = None) -> None:
    if content_hash(report.content or {}) != report.content_hash:
        raise ValidationError(_("The content does not match its hash. Take the report back to draft."))
    contact = access.contact if access else None
    now = timezone.now()
    ReportRelease.objects.create(
        report=report, side=side, user=by, contact=contact, released_at=now, content_hash=report.content_hash
    )


def _locked(report: ValueReport, state: str) -> ValueReport:
    found = ValueReport.objects.select_for_update(of=("self",)).select_related("customer__owner").get(pk=report.pk)
    if found.state != state:
        raise NotNow(_("This is not possible any more: the report has moved on."), code="not_now")
    return found
