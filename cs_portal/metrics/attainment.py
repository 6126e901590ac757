"""How far indicators, goals and customers have come (metrics.md, section 11)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .base import Asked, Reason, Result, no_data, null, quotient
from .exact import Number, clamp
from .indicators import Definition, IndicatorFacts, Measured


@dataclass(frozen=True)
class GoalFacts:
    """A goal's indicators; ``weight`` and activity stand in each of them, and here for goals without any."""

    customer_id: int
    scope: str
    weight: Number
    active: bool
    indicators: tuple[IndicatorFacts, ...] = ()


@dataclass(frozen=True)
class CustomerGoals:
    customer_id: int
    live: bool
    goals: tuple[GoalFacts, ...] = ()


@dataclass(frozen=True)
class GoalTally:
    """The customers of a subject with the goals that belong to it (a goal or indicator: just that one)."""

    customers: tuple[CustomerGoals, ...] = ()

    @property
    def goals(self) -> tuple[GoalFacts, ...]:
        return tuple(goal for customer in self.customers for goal in customer.goals)

    @property
    def indicators(self) -> tuple[IndicatorFacts, ...]:
        return tuple(indicator for goal in self.goals for indicator in goal.indicators)


# --- one definition ------------------------------------------------------------------------------


def raw_attainment(definition: Definition, value: Number | None, level: int | None = None) -> Fraction | None:
    """Rule 4, may lie below 0 and above 1; None when the definition makes it not applicable."""
    if definition.kind == "qualitative":
        return None if level is None else _level_attainment(definition, level)
    if value is None:
        return None
    if definition.direction == "maintain":
        return _range_attainment(definition, Fraction(value))
    if definition.baseline is None or definition.target is None or definition.baseline == definition.target:
        return None
    baseline = Fraction(definition.baseline)
    return (Fraction(value) - baseline) / (Fraction(definition.target) - baseline)


def _level_attainment(definition: Definition, level: int) -> Fraction | None:
    if definition.level_scores and 0 <= level < len(definition.level_scores):
        return Fraction(definition.level_scores[level])
    return Fraction(level, definition.levels - 1) if definition.levels > 1 else None


def _range_attainment(definition: Definition, value: Fraction) -> Fraction | None:
    if definition.range_low is None or definition.range_high is None:
        return None
    distance = max(Fraction(definition.range_low) - value, value - Fraction(definition.range_high), Fraction(0))
    if distance == 0:
        return Fraction(1)
    if not definition.tolerance_outside:
        return Fraction(0)
    return max(Fraction(0), 1 - distance / Fraction(definition.tolerance_outside))


def planned_attainment(definition: Definition, day: date) -> Fraction | None:
    """Rule 5; None without the dates that a path needs."""
    if definition.kind != "qualitative" and definition.direction == "maintain":
        return Fraction(1)
    if definition.due_date is None or definition.baseline_date is None:
        return None
    start, end = _path_ends(definition)
    if start is None or end is None:
        return None
    if day >= definition.due_date:
        return end
    if definition.path == "stepped":
        reached = [share for first, share in definition.path_points if first <= day]
        return Fraction(reached[-1]) if reached else start
    if day < definition.baseline_date:
        return start
    gone, whole = day - definition.baseline_date, definition.due_date - definition.baseline_date
    return start + (end - start) * Fraction(gone.days, whole.days)


def _path_ends(definition: Definition) -> tuple[Fraction | None, Fraction | None]:
    """0 and 1, for levels in words the attainments of the baseline's and the target's level."""
    if definition.kind != "qualitative":
        return Fraction(0), Fraction(1)
    baseline, target = definition.baseline, definition.target
    start = Fraction(0) if baseline is None else _level_attainment(definition, int(baseline))
    return start, Fraction(1) if target is None else _level_attainment(definition, int(target))


def path_gap(definition: Definition, measured: Measured) -> Fraction | None:
    """Rule 6 in percent-points: ahead of the path above 0."""
    raw = raw_attainment(definition, measured.value, measured.level)
    planned = planned_attainment(definition, measured.date)
    return None if raw is None or planned is None else 100 * (raw - planned)


def path_band(gap: Fraction, tolerance: Number) -> str:
    """``ahead``, ``on_path``, ``behind`` or ``critical``; tolerance as a share (0.10)."""
    points = 100 * Fraction(tolerance)
    if gap > points:
        return "ahead"
    if gap >= -points:
        return "on_path"
    return "behind" if gap >= -2 * points else "critical"


# --- one indicator -------------------------------------------------------------------------------


def _only(tally: GoalTally, day: date) -> IndicatorFacts | None:
    """The indicator asked for, when it is active."""
    return next((indicator for indicator in tally.indicators if indicator.is_active(day)), None)


def kvi_attainment(tally: GoalTally, asked: Asked) -> Result:
    """Rule 4 for the current measurement on E; variants ``raw``, ``clamped``."""
    day = asked.scope.period.last_day
    indicator = _only(tally, day)
    if indicator is None:
        return null(Reason.NOT_APPLICABLE)
    current = indicator.current(day)
    if current is None:
        return no_data()
    raw = raw_attainment(current[1], current[0].value, current[0].level)
    if raw is None:
        return null(Reason.NOT_APPLICABLE)
    return Result(clamp(raw, 0, 1) if asked.variant == "clamped" else raw, n=1)


def kvi_planned(tally: GoalTally, asked: Asked) -> Result:
    """Rule 5 on E with the version in force on E."""
    day = asked.scope.period.last_day
    indicator = _only(tally, day)
    definition = indicator.in_force(day) if indicator else None
    planned = planned_attainment(definition, day) if definition else None
    return null(Reason.NOT_APPLICABLE) if planned is None else Result(planned, n=1)


def kvi_path_gap(tally: GoalTally, asked: Asked) -> Result:
    """Rule 6 for the current measurement, in percent-points."""
    day = asked.scope.period.last_day
    indicator = _only(tally, day)
    if indicator is None:
        return null(Reason.NOT_APPLICABLE)
    current = indicator.current(day)
    if current is None:
        return no_data()
    gap = path_gap(current[1], current[0])
    return null(Reason.NOT_APPLICABLE) if gap is None else Result(gap, n=1)


# --- goals and customers -------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """A set of indicators on a day: weights of all active ones, of those counted, of those confirmed."""

    active: int
    counted: int
    weight: Fraction
    counted_weight: Fraction
    confirmed_weight: Fraction
    attained: Fraction  # Σ weight × clamped attainment of those counted

    @classmethod
    def of(cls, indicators: Iterable[IndicatorFacts], day: date) -> "Standing":
        active = counted = 0
        weight, counted_weight, confirmed, attained = (Fraction(0) for _ in range(4))
        for indicator in indicators:
            if not indicator.is_active(day):
                continue
            own = Fraction(indicator.in_force(day).weight)  # type: ignore[union-attr]
            active, weight = active + 1, weight + own
            share = _clamped(indicator, day)
            if share is None:
                continue
            counted, counted_weight, attained = counted + 1, counted_weight + own, attained + own * share[0]
            confirmed += own * share[1]
        return cls(active, counted, weight, counted_weight, confirmed, attained)


def _clamped(indicator: IndicatorFacts, day: date) -> tuple[Fraction, bool] | None:
    """The current attainment cut to [0, 1], and whether it is confirmed."""
    current = indicator.current(day)
    if current is None:
        return None
    raw = raw_attainment(current[1], current[0].value, current[0].level)
    return None if raw is None else (clamp(raw, 0, 1), current[0].confirmed)


def goal_attainment(tally: GoalTally, asked: Asked) -> Result:
    """Σ weight × clamped attainment ÷ Σ weight of the indicators with a current one."""
    now = Standing.of(tally.indicators, asked.scope.period.last_day)
    return quotient(now.attained, now.counted_weight, n=now.counted) if now.counted else no_data()


def goal_coverage(tally: GoalTally, asked: Asked) -> Result:
    """Σ weight of the indicators counted in goal_attainment ÷ Σ weight of all active ones."""
    now = Standing.of(tally.indicators, asked.scope.period.last_day)
    return quotient(now.counted_weight, now.weight, n=now.active) if now.active else no_data()


def kvi_confirmed_share(tally: GoalTally, asked: Asked) -> Result:
    """Σ weight of those whose current measurement is confirmed ÷ Σ weight of the indicators counted."""
    now = Standing.of(tally.indicators, asked.scope.period.last_day)
    return quotient(now.confirmed_weight, now.counted_weight, n=now.counted) if now.counted else no_data()


def customer_value_score(tally: GoalTally, asked: Asked) -> Result:
    """Σ goal weight × goal attainment ÷ Σ goal weight; P, S: mean over live customers."""
    level, scope = asked.scope.level, str(asked.parameter)
    if level == "user_group" and scope == "collective":
        return null(Reason.NOT_APPLICABLE)
    day = asked.scope.period.last_day
    if level in {"customer", "user_group"}:
        return _value_score(tally.goals, scope, day)
    scores = [_value_score(customer.goals, scope, day).value for customer in tally.customers if customer.live]
    present = [score for score in scores if score is not None]
    return Result(sum(present, Fraction(0)) / len(present), n=len(present)) if present else no_data()


def _value_score(goals: Iterable[GoalFacts], scope: str, day: date) -> Result:
    standings = [(goal, Standing.of(goal.indicators, day)) for goal in goals if goal.scope == scope and goal.active]
    counted = [(Fraction(goal.weight), now.attained / now.counted_weight) for goal, now in standings if now.counted]
    if not counted:
        return no_data()
    return quotient(sum(w * share for w, share in counted), sum(w for w, _share in counted), n=len(counted))


def kvi_coverage(tally: GoalTally, asked: Asked) -> Result:
    """Live customers with an active indicator that has a current measurement ÷ live customers."""
    day = asked.scope.period.last_day
    live = [customer for customer in tally.customers if customer.live]
    covered = [customer for customer in live if any(_is_measured(goal, day) for goal in customer.goals)]
    return quotient(len(covered), len(live), n=len(live)) if live else no_data()


def _is_measured(goal: GoalFacts, day: date) -> bool:
    return any(indicator.is_active(day) and indicator.current(day) is not None for indicator in goal.indicators)
