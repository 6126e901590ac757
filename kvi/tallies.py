"""Goals, agreed versions and counting measurements per subject (metrics.md, section 11): a query per kind of row."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from accounts.revenue.populations import CUSTOMER_LEVELS, Member, chosen_customers, members
from accounts.revenue.tallies import rates, revenue_tallies
from cs_portal.metrics.attainment import CustomerGoals, GoalFacts, GoalTally
from cs_portal.metrics.base import Scope, Subject
from cs_portal.metrics.indicators import Definition, GoalTerms, IndicatorFacts, Measured
from cs_portal.metrics.worth import RoiTally, ValueTally
from kvi.models import Goal, Indicator, IndicatorVersion, Measurement

COUNTING = (Measurement.Status.CONFIRMED, Measurement.Status.UNCONFIRMED)
VERSION_FIELDS = (
    "valid_from", "number", "retired_on", "kind", "direction", "baseline", "baseline_date", "target", "due_date",
    "range_low", "range_high", "tolerance_outside", "levels", "level_scores", "path", "path_points", "path_tolerance",
    "cadence", "grace_days", "weight", "value_kind", "value_factor_conservative", "value_factor_expected",
    "value_currency",
)  # fmt: skip


def definition(version: IndicatorVersion) -> Definition:
    """The version as the formulas read it."""
    return _definition(tuple(getattr(version, name) for name in VERSION_FIELDS))


def _definition(row: tuple[Any, ...]) -> Definition:
    values = dict(zip(VERSION_FIELDS, row, strict=True))
    points = tuple((date.fromisoformat(day), Decimal(share)) for day, share in values["path_points"] or ())
    return Definition(**{**values, "levels": len(values["levels"] or ()), "path_points": points})


def _chosen(scope: Scope, path: str) -> Q:
    """The rows of the question's subjects; ``path`` leads to the goal, e.g. ``indicator__goal__``."""
    if scope.level in CUSTOMER_LEVELS:
        return chosen_customers(scope, f"{path}customer__")
    if scope.level == "user_group":
        return Q(**{f"{path}user_group__external_id__in": scope.subjects})
    if scope.level == "goal":
        return Q(**{f"{path}external_id__in": scope.subjects})
    return Q(**{f"{path.removesuffix('goal__')}external_id__in": scope.subjects})


def goal_tallies(scope: Scope) -> Mapping[Subject, GoalTally]:
    """Per subject its customers, their goals, and of the indicators what was known on A; four queries at most.

    At kvi level the one indicator stands in its goal; at user_group, goal and kvi level ``live`` is not read.
    """
    group = scope.read(members) if scope.level in CUSTOMER_LEVELS else None
    indicators = _indicators(scope)
    goals: dict[Subject, dict[int, list[GoalFacts]]] = {subject: defaultdict(list) for subject in scope.subjects}
    for goal in _goals(scope):
        for subject, own in _subjects(scope, goal, indicators[goal.pk], group):
            goals[subject][goal.customer_id].append(_goal_facts(goal, own, scope.period.last_day))
    if group is None:
        return {subject: _tally((Member(pk, subject, False) for pk in own), own) for subject, own in goals.items()}
    grouped: dict[Subject, list[Member]] = defaultdict(list)
    for member in group.values():
        grouped[member.subject].append(member)
    return {subject: _tally(grouped[subject], own) for subject, own in goals.items()}


def _tally(customers: Iterable[Member], goals: Mapping[int, list[GoalFacts]]) -> GoalTally:
    return GoalTally(
        tuple(CustomerGoals(m.customer_id, m.live, tuple(goals.get(m.customer_id, ()))) for m in customers)
    )


def _goals(scope: Scope) -> Iterable[Goal]:
    if scope.level == "kvi":
        return Goal.objects.filter(indicators__external_id__in=scope.subjects).distinct()
    return Goal.objects.filter(_chosen(scope, "")).select_related("user_group")


def _subjects(
    scope: Scope, goal: Goal, indicators: list[IndicatorFacts], group: Mapping[int, Member] | None
) -> Iterable[tuple[Subject, list[IndicatorFacts]]]:
    """The subjects a goal belongs to, each with those of its indicators that count there."""
    if scope.level == "kvi":
        return [(indicator.external_id, [indicator]) for indicator in indicators]
    if group is not None:
        return [(group[goal.customer_id].subject, indicators)]
    if scope.level == "user_group":
        return [(goal.user_group.external_id, indicators)] if goal.user_group else []
    return [(goal.external_id, indicators)]


def _terms(goal: Goal) -> GoalTerms:
    return GoalTerms(goal.external_id, goal.customer_id, goal.scope, goal.weight, goal.start_date, goal.retired_on)


def _goal_facts(goal: Goal, indicators: Iterable[IndicatorFacts], day: date) -> GoalFacts:
    active = _terms(goal).is_active(day)
    return GoalFacts(goal.customer_id, goal.scope, goal.weight, active, tuple(indicators))


def _indicators(scope: Scope) -> Mapping[int, list[IndicatorFacts]]:
    """By goal; three queries: indicators with their goals, agreed versions, counting measurements."""
    versions, measurements = _versions(scope), _measurements(scope)
    found: dict[int, list[IndicatorFacts]] = defaultdict(list)
    rows = Indicator.objects.filter(_chosen(scope, "goal__")).select_related("goal").order_by("pk")
    for indicator in rows:
        facts = versions[indicator.pk], measurements[indicator.pk]
        found[indicator.goal_id].append(
            IndicatorFacts(indicator.external_id, _terms(indicator.goal), *(tuple(part) for part in facts))
        )
    return found


def _versions(scope: Scope) -> Mapping[int, list[Definition]]:
    agreed = IndicatorVersion.objects.filter(_chosen(scope, "indicator__goal__"), agreed_on__lte=scope.as_of)
    found: dict[int, list[Definition]] = defaultdict(list)
    for indicator, *row in agreed.values_list("indicator_id", *VERSION_FIELDS):
        found[indicator].append(_definition(tuple(row)))
    return found


def _measurements(scope: Scope) -> Mapping[int, list[Measured]]:
    until = min(scope.as_of, scope.period.last_day)
    counting = Measurement.objects.filter(_chosen(scope, "indicator__goal__"), date__lte=until, status__in=COUNTING)
    found: dict[int, list[Measured]] = defaultdict(list)
    rows = counting.values_list("indicator_id", "external_id", "date", "value", "level", "status")
    for indicator, external_id, day, value, level, status in rows:
        confirmed = status == Measurement.Status.CONFIRMED
        found[indicator].append(Measured(external_id, day, value, level, confirmed))
    return found


def value_tallies(scope: Scope) -> Mapping[Subject, ValueTally]:
    """The same with the rates on the period's first day; one query more."""
    known = scope.read(rates)
    return {subject: ValueTally(tally, known) for subject, tally in scope.read(goal_tallies).items()}


def roi_tallies(scope: Scope) -> Mapping[Subject, RoiTally]:
    """Beside what was reached, what was paid for it."""
    revenue = scope.read(revenue_tallies)
    return {subject: RoiTally(value, revenue[subject]) for subject, value in scope.read(value_tallies).items()}
