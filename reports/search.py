"""What of this room can be found, and begun at a customer."""

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Viewer, customers_for
from cs_portal.kit.search import Action, Hit, Kind, begin, find
from reports.models import ValueReport


def _reports(user: Viewer) -> QuerySet[ValueReport]:
    """Without their files, which nobody looks for."""
    return ValueReport.objects.filter(customer__in=customers_for(user)).select_related("customer")


def _report(report: ValueReport) -> Hit:
    first, last = (date_format(day, "SHORT_DATE_FORMAT") for day in (report.period_start, report.last_day))
    title = _("%(customer)s, %(first)s – %(last)s") % {"customer": report.customer, "first": first, "last": last}
    return Hit(title, report.get_absolute_url(), str(report.get_state_display()))


find(
    Kind(
        "reports", gettext_lazy("Value reports"), "file-text", 6, _reports,
        ("customer__name", "period_start", "period_end"), _report,
    ),
)  # fmt: skip
begin(Action(gettext_lazy("New value report"), "reports:report_new", "file-text"))
