"""Numbers for pages, all from the scorecard: nothing is computed here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.access import Viewer, customers_for, sees_whole_portfolio
from accounts.models import Customer
from cs_portal.metrics.base import Period, Reading
from kvi.scorecard import measure

from .filters import PortfolioFilter

Numbers = dict[str, Reading]
CUSTOMER_CODES = ("mrr", "nps", "response_rate", "customer_value_score", "kvi_confirmed_share")
CONFIRMED = "conservative_confirmed"


@dataclass(frozen=True)
class Population:
    """Whose numbers a page shows: everybody's (``ids`` empty), or exactly those a CSM may see."""

    ids: frozenset[int] | None
    label: str


def population_of(user: Viewer) -> Population:
    if sees_whole_portfolio(user):
        return Population(None, _("All customers"))
    return Population(frozenset(customers_for(user).values_list("pk", flat=True)), _("Your customers"))


def chosen_population(user: Viewer, data: QueryDict) -> Population:
    """Those of the segment and the owner in the URL; a choice that means nothing finds nobody."""
    asked = data.copy()
    asked.pop("q", None)
    chosen = PortfolioFilter(asked, queryset=customers_for(user), user=user)
    if not chosen.is_used:
        return population_of(user)
    fields = chosen.form.fields
    words = (dict(fields[name].choices).get(asked[name]) for name in ("segment", "owner") if asked.get(name))
    label = " · ".join(str(word) for word in words if word)
    return Population(frozenset(chosen.chosen.values_list("pk", flat=True)), label or str(_("No customers")))


def portfolio_numbers(codes: Sequence[str], period: Period, population: Population) -> Numbers:
    """Readings by metric (``code`` or ``code:parameter``) over the population."""
    return {reading.metric: reading for reading in measure(codes, period, customers=population.ids)}


def variant_numbers(codes: Sequence[str], variant: str, period: Period, population: Population) -> Numbers:
    """The same in another variant of each."""
    return {r.metric: r for r in measure(codes, period, variant=variant, customers=population.ids)}


def segment_numbers(codes: Sequence[str], period: Period) -> dict[str, Numbers]:
    """Readings by segment and metric; only for those who see the whole portfolio."""
    return _by_subject(measure(codes, period, level="segment"))


def numbers_of(customers: Sequence[Customer], codes: Sequence[str], period: Period) -> dict[str, Numbers]:
    """Readings by the customers' external id and metric; as many queries for one customer as for thirty."""
    if not customers:
        return {}
    subjects = [customer.external_id for customer in customers]
    return _by_subject(measure(codes, period, level="customer", subjects=subjects))


def customer_numbers(customer: Customer, period: Period) -> Numbers:
    """What the customer page shows first; the confirmed value to date under its code."""
    numbers = numbers_of([customer], CUSTOMER_CODES, period).get(customer.external_id, {})
    subjects = [customer.external_id]
    confirmed = measure(["kvi_value_to_date"], period, level="customer", subjects=subjects, variant=CONFIRMED)
    return numbers | {reading.metric: reading for reading in confirmed}


def monthly(code: str, months: Iterable[Period], population: Population) -> list[Reading]:
    """One reading per month, in their order."""
    return [measure([code], month, customers=population.ids)[0] for month in months]


def monthly_numbers(codes: Sequence[str], months: Sequence[Period], population: Population) -> list[Numbers]:
    """Of several metrics, one dictionary per month."""
    return [portfolio_numbers(codes, month, population) for month in months]


def plain_value(reading: Reading | None) -> str:
    """The exact value as in API and command; empty when there is none."""
    return "" if reading is None else reading.as_json()["value"] or ""


def _by_subject(readings: Iterable[Reading]) -> dict[str, Numbers]:
    found: dict[str, Numbers] = {}
    for reading in readings:
        found.setdefault(reading.subject or "", {})[reading.metric] = reading
    return found
