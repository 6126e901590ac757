"""Value reports can be talked about, also with the customer once they were put before them."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.comments.registry import Subject, register
from reports.models import ValueReport
from reports.queries import portal_reports, reports_for


def _title(report: ValueReport) -> str:
    first, last = (date_format(day, "SHORT_DATE_FORMAT") for day in (report.period_start, report.last_day))
    return _("Value report %(first)s – %(last)s") % {"first": first, "last": last}


register(
    Subject(
        "reports", gettext_lazy("Value report"), ValueReport, reports_for, lambda report: report.customer,
        ValueReport.get_absolute_url, _title, portal_reports,
        lambda report: reverse("reports:portal_report", args=[report.public_id]),
    )
)  # fmt: skip
