"""Metrics that read several rooms: each sign of upsell potential is a question to the catalogue."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from accounts.models import Customer
from accounts.revenue.populations import members
from accounts.revenue.tallies import customer_revenue
from cs_portal.metrics import potential
from cs_portal.metrics.base import Metric, Period, Scope, Subject, answer
from cs_portal.metrics.potential import REASONS, PotentialTally, Signs
from kvi.models import Goal

SEATS_DAYS, NPS_DAYS = 28, 180


def potential_tallies(scope: Scope) -> Mapping[Subject, PotentialTally]:
    """At portfolio, segment and customer level; as many queries for thirty customers as for one."""
    everybody = scope.read(members)
    known = customer_revenue(scope, everybody)
    signs = _signs(scope, [one.customer_id for one in known if any(one.closing.values())])
    payers: dict[Subject, list[Signs]] = {subject: [] for subject in scope.subjects}
    for pk, shown in signs.items():
        payers[everybody[pk].subject].append(shown)
    with_rows = {everybody[one.customer_id].subject for one in known}
    return {subject: PotentialTally(subject in with_rows, tuple(found)) for subject, found in payers.items()}


def _signs(scope: Scope, payers: list[int]) -> dict[int, Signs]:
    names = dict(Customer.objects.filter(pk__in=payers).order_by("pk").values_list("pk", "external_id"))
    asked = replace(scope, level="customer", subjects=tuple(sorted(names.values())), customer_ids=None, memo={})
    last = scope.period.last_day
    seats = _values(asked.during(Period.trailing(SEATS_DAYS, until=last)), "licence_utilisation")
    health = _values(asked, "health_score")
    nps = _values(asked.during(Period.trailing(NPS_DAYS, until=last)), "nps")
    goals = _goals(scope, list(names))
    return {pk: Signs(seats.get(name), health.get(name), tuple(goals[pk]), nps.get(name)) for pk, name in names.items()}


def _values(asked: Scope, code: str) -> dict[Subject, Fraction]:
    """The default variant of every subject that has a value."""
    metric = asked.catalog[code]
    results = {name: answer(asked, metric, metric.variants[0], None, name).value for name in asked.subjects}
    return {name: value for name, value in results.items() if value is not None}


def _goals(scope: Scope, payers: list[int]) -> Mapping[int, list[Fraction]]:
    """Attainments by customer; a goal that is not active on E has none."""
    owners = dict(Goal.objects.filter(customer__in=payers).values_list("external_id", "customer"))
    asked = replace(scope, level="goal", subjects=tuple(sorted(owners)), customer_ids=None, memo={})
    found: dict[int, list[Fraction]] = defaultdict(list)
    for name, value in _values(asked, "goal_attainment").items():
        found[owners[str(name)]].append(value)
    return found


METRICS = (
    Metric(
        code="upsell_potential",
        names={"de": "Upsell-Potenzial", "en": "Upsell potential"},
        unit="count",
        better="higher",
        levels=("portfolio", "segment", "customer"),
        tally=potential_tallies,
        formula=potential.upsell_potential,
        formula_text="customer: reasons met (0 to 4); portfolio, segment: customers with at least one; n = payers on E",
        source="metrics.md, 5.6",
        edge_cases="no payer on E or health_score ≤ 40: 0; a sign that has no value is not met",
        parameters=REASONS,
    ),
)
