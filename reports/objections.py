"""Why a customer cannot be archived now: a report is on its way."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts.models import Customer
from accounts.records.registry import object_to_archiving
from reports.models import ReportState


@object_to_archiving
def reports_on_their_way(customer: Customer) -> Iterator[str]:
    waiting = ReportState.IN_REVIEW, ReportState.RELEASED_BY_CSM, ReportState.RELEASED_BY_CUSTOMER
    if customer.value_reports.filter(state__in=waiting).exists():
        yield _("A value report is on its way to the customer. Issue it or take it back to draft, then archive.")
