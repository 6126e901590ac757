"""Why a customer cannot be archived now, and what of reports stays when two are merged: released ones are frozen."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Customer
from accounts.records.registry import EVERYTHING, let_stay, object_to_archiving
from reports.models import ReportRelease, ReportState, ValueReport

RELEASED = (ReportState.RELEASED_BY_CSM, ReportState.RELEASED_BY_CUSTOMER, ReportState.ISSUED)
let_stay(ValueReport, "customer", lambda _gone, _kept: Q(state__in=RELEASED))
let_stay(ReportRelease, "contact", lambda _gone, _kept: EVERYTHING)


@object_to_archiving
def reports_on_their_way(customer: Customer) -> Iterator[str]:
    waiting = ReportState.IN_REVIEW, ReportState.RELEASED_BY_CSM, ReportState.RELEASED_BY_CUSTOMER
    if customer.value_reports.filter(state__in=waiting).exists():
        yield _("A value report is on its way to the customer. Issue it or take it back to draft, then archive.")
