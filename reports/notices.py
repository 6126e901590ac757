"""The news about value reports, for the customer's owner."""

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import customers_for
from accounts.models import User
from accounts.notifications.models import Channel, Notification
from accounts.notifications.registry import Kind, Shown, register
from accounts.notifications.services import notify
from reports.models import ValueReport

RELEASED = "report"


def customer_released(report: ValueReport) -> None:
    owner = report.customer.owner or report.created_by
    notify(owner, RELEASED, key=f"report:{report.pk}", by=None, customer=report.customer, target=report.pk)


def shown(rows: Sequence[Notification], reader: User) -> dict[int, Shown]:
    seen = ValueReport.objects.filter(customer__in=customers_for(reader)).select_related("customer")
    reports = seen.in_bulk([row.target for row in rows])
    return {row.pk: _shown(reports[row.target]) for row in rows if row.target in reports}


def _shown(report: ValueReport) -> Shown:
    words = {
        "customer": report.customer.name,
        "first": date_format(report.period_start, "SHORT_DATE_FORMAT"),
        "last": date_format(report.last_day, "SHORT_DATE_FORMAT"),
    }
    text = _("%(customer)s has released the value report for %(first)s to %(last)s. It is issued.") % words
    return Shown(text, report.get_absolute_url())


register(Kind(RELEASED, gettext_lazy("A customer releases a value report"), shown, Channel.MAIL))
