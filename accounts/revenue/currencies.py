"""Which currencies amounts are in: every room with amounts says so here, in a module ``currencies``."""

from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import Min

from accounts.revenue.models import Cost, Subscription

Uses = Callable[[], Iterable[tuple[str, date]]]  # currencies, each with the first day of its use
USES: list[Uses] = []


def uses_currencies(uses: Uses) -> Uses:
    USES.append(uses)
    return uses


@uses_currencies
def of_subscriptions() -> Iterable[tuple[str, date]]:
    rows = Subscription.objects.filter(customer__is_test=False, mrr__gt=0)
    return rows.order_by().values_list("currency").annotate(first=Min("start_date"))


@uses_currencies
def of_costs() -> Iterable[tuple[str, date]]:
    return Cost.objects.filter(amount__gt=0).order_by().values_list("currency").annotate(first=Min("date"))


def currencies_in_use() -> Iterable[tuple[str, date]]:
    """Every currency that amounts are in, with the first day of each use; one query a room."""
    return [used for uses in USES for used in uses()]
