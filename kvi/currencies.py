"""Which currencies agreed money factors are in."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Min

from accounts.revenue.currencies import uses_currencies
from kvi.models import IndicatorVersion


@uses_currencies
def of_definitions() -> Iterable[tuple[str, date]]:
    rows = IndicatorVersion.objects.filter(agreed_on__isnull=False, valid_from__isnull=False).exclude(value_currency="")
    return rows.order_by().values_list("value_currency").annotate(first=Min("valid_from"))
