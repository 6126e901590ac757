"""The second way to score health: points for what users did (metrics.md, section 10.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from .base import Asked, Reason, Result, no_data, null
from .exact import power
from .health import HealthTally, health_score, mean

Happened = Mapping[str, Mapping[int, int]]  # how often, by event and by the days since


@dataclass(frozen=True)
class Action:
    event: str
    impact: Fraction
    cap: Fraction | None = None  # of the frequency
    half_life: Fraction | None = None  # in days

    def points(self, happened: Happened) -> Fraction:
        """Impact × frequency, older events counting less when there is a half-life."""
        times = happened.get(self.event, {})
        frequency = sum((_kept(age, self.half_life) * count for age, count in times.items()), Fraction(0))
        return self.impact * (frequency if self.cap is None else min(frequency, self.cap))


@cache
def _kept(age: int, half_life: Fraction | None) -> Fraction:
    return Fraction(1) if half_life is None else power(Fraction(2), Fraction(-age) / half_life)


@dataclass(frozen=True)
class ActionList:
    actions: tuple[Action, ...]
    window: int = 30
    score_cap: Fraction = Fraction(120)

    def score(self, happened: Happened) -> Fraction:
        points = sum((action.points(happened) for action in self.actions), Fraction(0))
        return min(max(points, Fraction(0)), self.score_cap)


@dataclass(frozen=True)
class ActionTally:
    """What happened at each customer of the subject; ``known`` is whether the workspace has any event up to E."""

    listed: ActionList | None
    known: bool = False
    customers: Sequence[Happened] = ()


def action_points(tally: ActionTally, asked: Asked) -> Result:
    """Σ impact × frequency cut to [0, cap]; portfolio and segment: mean over live customers."""
    if tally.listed is None:
        return null(Reason.NOT_APPLICABLE)
    if not tally.known:
        return no_data()
    scores = [tally.listed.score(happened) for happened in tally.customers]
    if asked.scope.level == "customer":
        return Result(scores[0], n=len(tally.listed.actions))
    return mean([Result(score) for score in scores])


def score_of(tally: HealthTally | ActionTally, asked: Asked) -> Result:
    """The health score by either way: weighted inputs or points for actions."""
    return action_points(tally, asked) if isinstance(tally, ActionTally) else health_score(tally, asked)
