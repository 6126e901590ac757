"""What happens to usage when two customers become one."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.audit.words import call
from accounts.models import Customer
from accounts.records.registry import CONTRADICTIONS, let_stay
from accounts.usage.models import UsageDaily

call({"usage.usagedaily": _("Day of usage")})


def twins(kept: Any) -> Q:
    """Person-free days of a feature that the kept one has too: two sums cannot be told from one said twice."""
    own = UsageDaily.objects.filter(customer=kept, end_user=None, date=OuterRef("date"), feature=OuterRef("feature"))
    return Q(Exists(own), end_user=None)


def contradictions(gone: Any, kept: Any) -> Iterator[str]:
    if isinstance(gone, Customer) and (number := UsageDaily.objects.filter(twins(kept), customer=gone).count()):
        yield gettext("Days of usage without a user that both have: %(number)s. Those of the one that goes stay.") % {
            "number": number
        }


let_stay(UsageDaily, "customer", lambda _gone, kept: twins(kept))
CONTRADICTIONS.append(contradictions)
