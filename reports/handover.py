"""What of reports a person holds: those that still wait for somebody."""

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.staff.registry import Part, register
from reports.models import ReportState, ValueReport

register(
    Part(
        "reports",
        _("Reports in preparation"),
        lambda person: (
            ValueReport.objects.filter(created_by=person).exclude(state=ReportState.ISSUED).select_related("customer")
        ),
        owner="created_by",
        customer="customer",
        title=lambda report: f"{report.customer.name} ({date_format(report.period_start, 'SHORT_DATE_FORMAT')})",
    )
)
