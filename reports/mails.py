"""Mails about releases: queued here, worded and checked again at sending."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.audit.services import record
from accounts.models import PortalAccess
from accounts.outbox.models import OutboxMail
from accounts.outbox.registry import Undeliverable, mail_context, when_sent
from accounts.outbox.services import queue_mail
from cs_portal.kit.charts import picture
from reports.models import ReportState, ValueReport


def ask_sponsors(report: ValueReport) -> None:
    """Everybody who may release for the company."""
    sponsors = PortalAccess.objects.filter(
        contact__customer=report.customer, contact__is_active=True, revoked_at__isnull=True, role="sponsor"
    )
    for access in sponsors.select_related("contact__customer"):
        queue_mail(
            f"report-released:{report.pk}:{access.contact_id}",
            "report-released",
            contact=access.contact,
            context={"report": report.pk},
            language=access.contact.reading_language,
            purpose="report",
        )


def _report(mail: OutboxMail) -> ValueReport:
    return ValueReport.objects.select_related("customer__owner").get(pk=mail.context["report"])


@mail_context("report-released")
def released_context(mail: OutboxMail) -> dict[str, Any]:
    report = _report(mail)
    if report.state != ReportState.RELEASED_BY_CSM:
        raise Undeliverable("the report no longer waits for the customer")
    access = PortalAccess.objects.filter(contact=mail.contact, revoked_at__isnull=True, role="sponsor").first()
    if access is None or access.contact.customer_id != report.customer_id:
        raise Undeliverable("the contact may not release for this customer any more")
    owner = report.customer.owner
    return (
        _period(report)
        | _first_chart(report)
        | {
            "sender": str(owner) if owner else "",
            "reply_to": owner.email if owner else "",
            "url": settings.BASE_URL + reverse("reports:portal_report", args=[report.public_id]),
            "button": _("Read and release"),
        }
    )


@when_sent("report-released")
def note_sending(mail: OutboxMail, at: datetime) -> None:
    """Who got it, by id: the contact asked to release."""
    record("report.sent", by=None, target=_report(mail), mail=mail.pk, contact=mail.contact_id)


def _first_chart(report: ValueReport) -> dict[str, Any]:
    """Of the first indicator that was measured; its title is what is read where pictures are not shown."""
    indicators = [one for goal in (report.content or {})["goals"] for one in goal["indicators"]]
    for chart in (one["chart"] for one in indicators if one["chart"]):
        return {
            "chart": {"name": "chart", "title": chart["title"], "note": chart["note"]},
            "pictures": {"chart": picture(chart["svg"])},
        }
    return {}


def _period(report: ValueReport) -> dict[str, str]:
    return {
        "first": date_format(report.period_start, "SHORT_DATE_FORMAT"),
        "last": date_format(report.last_day, "SHORT_DATE_FORMAT"),
    }
