"""Reads on costs without a customer and on exchange rates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, QuerySet

from accounts.access import Viewer, keeps_numbers
from accounts.revenue.models import Cost, ExchangeRate


@dataclass(frozen=True)
class MissingRate:
    """Amounts in ``currency`` from ``since`` on have no rate: none at all, or none before ``known_from``."""

    currency: str
    since: date
    known_from: date | None


def workspace_costs(user: Viewer) -> QuerySet[Cost]:
    """Costs that belong to no customer, archived ones too; one query."""
    rows: QuerySet[Cost] = Cost.everything.filter(customer=None)
    return rows if keeps_numbers(user) else rows.none()


def exchange_rates(user: Viewer) -> QuerySet[ExchangeRate]:
    """All rates, archived ones too; one query."""
    rows: QuerySet[ExchangeRate] = ExchangeRate.everything.all()
    return rows if keeps_numbers(user) else rows.none()


def missing_rates(used: Iterable[tuple[str, date]], reporting_currency: str) -> list[MissingRate]:
    """Which of the currencies in use, each with a first day, cannot be converted from that day on; one query."""
    firsts: dict[str, date] = {}
    for currency, first in used:
        firsts[currency] = min(first, firsts.get(currency, first))
    firsts.pop(reporting_currency, None)
    known = dict(ExchangeRate.objects.order_by().values_list("currency").annotate(Min("valid_from")))
    return [
        MissingRate(currency, first, known.get(currency))
        for currency, first in sorted(firsts.items())
        if currency not in known or known[currency] > first
    ]
