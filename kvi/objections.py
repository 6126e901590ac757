"""Why a customer cannot be archived now: something waits for an answer."""

from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Customer
from accounts.records.registry import object_to_archiving
from kvi.models import IndicatorVersion, VersionState


@object_to_archiving
def waiting_definitions(customer: Customer) -> Iterator[str]:
    versions = IndicatorVersion.objects.filter(indicator__goal__customer=customer, state=VersionState.PROPOSED)
    for version in versions:
        yield _(
            "The definition of “%(name)s” waits for an answer. Withdraw it or let it be answered, then archive."
        ) % {"name": version.text("name", get_language() or "en")}
