"""What the audit's entries about value reports say, and what a customer's page tells of all rooms."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.audit.queries import Line, history
from accounts.audit.words import call, say
from accounts.models import Customer, PortalAccess
from accounts.records.queries import all_kinds_of
from kvi.health.models import HealthOverride
from reports.models import ValueReport
from surveys.models import Wave


def _released(details: Mapping[str, Any]) -> Promise:
    if details.get("side") == "customer":
        return _("%(who)s released the value report for the customer")
    return _("%(who)s released the value report to the customer")


def _issued(details: Mapping[str, Any]) -> Promise:
    if details.get("without_customer"):
        return _("%(who)s issued the value report without the customer's release")
    return _("The value report was issued")


say(
    {
        "report.created": _("%(who)s began a value report"),
        "report.commented": _("%(who)s wrote the comment of the value report"),
        "report.submitted": _("%(who)s froze the value report for review"),
        "report.reopened": _("%(who)s took the value report back to draft"),
        "report.released": _released,
        "report.issued": _issued,
        "report.sent": _("A mail about the value report went out"),
    }
)
call({"reports.valuereport": _("Value report")})


def report_history(report: ValueReport) -> list[Line]:
    return history(report)


def customer_history(customer: Customer) -> list[Line]:
    """What happened to the customer in every room; single values and definitions stand on their own pages."""
    return history(
        customer,
        PortalAccess.objects.filter(contact__customer=customer),
        customer.goals.all(),
        Wave.objects.filter(invitations__customer=customer),
        HealthOverride.objects.filter(customer=customer),
        customer.value_reports.all(),
        *all_kinds_of([customer]),
    )
