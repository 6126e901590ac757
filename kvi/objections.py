"""Why a customer cannot be archived now, and what stays when two are merged: signatures are never rewritten."""

from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Customer
from accounts.records.registry import EVERYTHING, let_stay, object_to_archiving
from kvi.models import Agreement, IndicatorVersion, VersionState

let_stay(Agreement, "contact", lambda _gone, _kept: EVERYTHING)


@object_to_archiving
def waiting_definitions(customer: Customer) -> Iterator[str]:
    versions = IndicatorVersion.objects.filter(indicator__goal__customer=customer, state=VersionState.PROPOSED)
    for version in versions:
        yield _(
            "The definition of “%(name)s” waits for an answer. Withdraw it or let it be answered, then archive."
        ) % {"name": version.text("name", get_language() or "en")}
