"""How far customers and groups are on their way in (metrics.md, section 9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from .base import Asked, Reason, Result, Scope, no_data, null, quotient
from .exact import Number

COHORT_LEVELS = frozenset({"portfolio", "segment"})


@dataclass(frozen=True)
class Steps:
    """The steps of a customer, at the level of groups those of one group; what is not said otherwise holds on E."""

    live: bool
    start: date | None  # of the onboarding
    size: int
    weight: Number
    achieved_weight: Number
    keys: int
    achieved_keys: int
    latest_key: date | None  # achieved
    keys_by_now: int  # achieved by A
    latest_key_by_now: date | None
    latest: date | None  # achieved
    overdue: int
    next_is_undated: bool  # the first open step by position has no due date

    @property
    def score(self) -> Fraction:
        return 100 * Fraction(self.achieved_weight) / Fraction(self.weight)

    @property
    def is_activated(self) -> bool:
        return 0 < self.keys == self.achieved_keys

    @property
    def is_activated_by_now(self) -> bool:
        return 0 < self.keys == self.keys_by_now

    def days_to(self, day: date | None) -> Fraction | None:
        """From the start to that day, never below 0; None without a start."""
        if self.start is None or day is None:
            return None
        return Fraction(max(0, (day - self.start).days))

    def stuck(self, day: date, after: int) -> int:
        """Overdue steps, and the next one when it has no due date and nothing has happened for long."""
        since = max((known for known in (self.start, self.latest) if known), default=None)
        waits = self.next_is_undated and since is not None and day - since > timedelta(days=after)
        return self.overdue + waits


@dataclass(frozen=True)
class OnboardingTally:
    """Everybody of the subject who has steps: one at the levels of customers and groups."""

    everybody: Sequence[Steps] = ()

    def cohort(self, scope: Scope) -> list[Steps]:
        """Those whose onboarding starts in the period."""
        period = scope.period
        return [steps for steps in self.everybody if steps.start and period.start <= steps.start < period.end]


def onboarding_score(tally: OnboardingTally, asked: Asked) -> Result:
    """100 × weight of the achieved steps ÷ weight of all, 0 to 100; portfolio and segment: mean over the cohort."""
    if asked.scope.level in COHORT_LEVELS:
        cohort = tally.cohort(asked.scope)
        return _mean([steps.score for steps in cohort], len(cohort))
    if not tally.everybody:
        return no_data()
    (steps,) = tally.everybody
    return quotient(steps.achieved_weight, steps.weight, n=steps.size, factor=100)


def _mean(values: Sequence[Fraction], n: int) -> Result:
    return Result(sum(values, Fraction(0)) / len(values), n=n) if values else no_data()


def activated(tally: OnboardingTally, asked: Asked) -> Result:
    """1 when every key step is achieved, otherwise 0; not_applicable without a key step."""
    if not any(steps.keys for steps in tally.everybody):
        return null(Reason.NOT_APPLICABLE)
    (steps,) = tally.everybody
    return Result(Fraction(steps.is_activated), n=steps.size)


def activation_rate(tally: OnboardingTally, asked: Asked) -> Result:
    """Cohort members activated by A ÷ cohort members with a key step."""
    cohort = tally.cohort(asked.scope)
    if not cohort:
        return no_data()
    activated_ones = sum(steps.is_activated_by_now for steps in cohort)
    return quotient(activated_ones, sum(steps.keys > 0 for steps in cohort), n=len(cohort))


def time_to_activation(tally: OnboardingTally, asked: Asked) -> Result:
    """Days from the start to the last key step; portfolio and segment: mean or median over the cohort."""
    if asked.scope.level in COHORT_LEVELS:
        return _cohort_time(tally.cohort(asked.scope), asked.variant)
    if not any(steps.is_activated for steps in tally.everybody):
        return null(Reason.NOT_APPLICABLE)
    (steps,) = tally.everybody
    days = steps.days_to(steps.latest_key)
    return no_data() if days is None else Result(days, n=steps.size)


def _cohort_time(cohort: Sequence[Steps], variant: str) -> Result:
    times = [steps.days_to(steps.latest_key_by_now) for steps in cohort if steps.is_activated_by_now]
    known = sorted(time for time in times if time is not None)
    if variant == "mean" or not known:
        return _mean(known, len(known))
    middle = known[(len(known) - 1) // 2] + known[len(known) // 2]
    return Result(middle / 2, n=len(known))


def stuck_steps(tally: OnboardingTally, asked: Asked) -> Result:
    """Overdue or waiting steps on E; portfolio and segment: the sum over live customers that have steps."""
    scope = asked.scope
    counted = [steps for steps in tally.everybody if steps.live or scope.level not in COHORT_LEVELS]
    if not counted:
        return no_data()
    stuck = sum(steps.stuck(scope.period.last_day, scope.settings.stuck_after_days) for steps in counted)
    return Result(Fraction(stuck), n=len(counted) if scope.level in COHORT_LEVELS else counted[0].size)
