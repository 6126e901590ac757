"""How healthy customers are, and why (metrics.md, section 10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from .base import Asked, Reason, Result, no_data, null, quotient
from .exact import Number

Point = tuple[Fraction, Fraction]
BANDS = ("red", "yellow", "green", "outstanding")
UNKNOWN = "unknown"


def band(score: Fraction) -> str:
    """Of the exact score: red up to 40, yellow up to 70, green up to 100, above that outstanding."""
    return BANDS[(score > 40) + (score > 70) + (score > 100)]


def trend_band(change: Fraction) -> str:
    if abs(change) <= 5:
        return "steady"
    return "rising" if change > 0 else "falling"


# --- models --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Input:
    """A catalogue metric over the last ``window`` days, turned into points by a curve."""

    name: str
    weight: Fraction
    metric: str
    window: int
    curve: tuple[Point, ...]
    variant: str = "default"
    parameter: str | None = None
    cap: Fraction = Fraction(100)

    def points(self, x: Fraction) -> Fraction:
        """y at x: straight between two points of the curve, level before the first and after the last."""
        before = [point for point in self.curve if point[0] <= x]
        if not before:
            return self.curve[0][1]
        after = self.curve[len(before) : len(before) + 1]
        if not after:
            return before[-1][1]
        (left, low), (right, high) = before[-1], after[0]
        return low + (high - low) * (x - left) / (right - left)


@dataclass(frozen=True)
class Model:
    """Inputs whose weights sum to 100, in force from a day on."""

    valid_from: date
    inputs: tuple[Input, ...]

    @property
    def by_weight(self) -> list[Input]:
        return sorted(self.inputs, key=lambda item: (-item.weight, item.name))


def curve(*points: tuple[Number | str, Number | str]) -> tuple[Point, ...]:
    return tuple((Fraction(x), Fraction(y)) for x, y in points)


SHIPPED_MODEL = Model(
    date(1970, 1, 1),
    (
        Input(
            "usage", Fraction(40), "regular_active_share", 28,
            curve((0, 0), ("0.2", 40), ("0.5", 70), ("0.8", 100), (1, 120)), cap=Fraction(120),
        ),
        Input(
            "nps", Fraction(10), "nps", 180, curve((-100, 0), (0, 40), (30, 70), (50, 100), (100, 120)), "respondent",
            cap=Fraction(120),
        ),
        Input(
            "tickets", Fraction(20), "tickets_per_user", 90, curve((0, 100), ("0.1", 100), ("0.5", 70), (1, 40), (2, 0))
        ),
        Input("billing", Fraction(30), "billing_overdue_days", 1, curve((0, 100), (14, 70), (30, 40), (60, 0))),
    ),
)  # fmt: skip


# --- scores --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Parts:
    """A customer's inputs on a day: the points of those that have a value."""

    model: Model
    points: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def weight(self) -> Fraction:
        """Of the present inputs."""
        return sum((item.weight for item in self.model.inputs if item.name in self.points), Fraction(0))

    @property
    def coverage(self) -> Fraction:
        return self.weight / 100

    def contribution(self, item: Input) -> Fraction:
        """0 when the input is missing; the contributions sum to the score."""
        return item.weight * self.points.get(item.name, 0) / self.weight

    def score(self, least_coverage: Number) -> Result:
        """Σ weight × points ÷ Σ weight over present inputs; no_data below the coverage that is asked for."""
        if self.coverage < least_coverage:
            return no_data()
        if not self.weight:
            return null(Reason.ZERO_DENOMINATOR, n=0)
        return Result(sum(map(self.contribution, self.model.inputs), Fraction(0)), n=len(self.points))


@dataclass(frozen=True)
class CustomerHealth:
    customer_id: int
    parts: Parts
    override: Fraction | None = None
    mrr: Fraction | None = Fraction(0)  # on E; None: the rate is missing

    def weighted(self, asked: Asked) -> Result:
        return self.parts.score(asked.scope.settings.health_min_coverage)

    def effective(self, asked: Asked) -> Result:
        """What somebody has set for these days, otherwise the computed score."""
        if self.override is None:
            return self.weighted(asked)
        return Result(self.override, n=len(self.parts.points))


@dataclass(frozen=True)
class HealthTally:
    """The subject's customers: at the levels of many those live on E, at the level of customers the one."""

    customers: tuple[CustomerHealth, ...] = ()


def health_score(tally: HealthTally, asked: Asked) -> Result:
    """0 to 150; at portfolio and segment the mean over live customers, or weighted with what they pay."""
    if asked.variant == "revenue_weighted":
        return _revenue_weighted(tally, asked)
    read = CustomerHealth.effective if asked.variant == "effective" else CustomerHealth.weighted
    scores = [read(customer, asked) for customer in tally.customers]
    return scores[0] if asked.scope.level == "customer" else mean(scores)


def mean(results: Iterable[Result]) -> Result:
    """Over those with a value."""
    values = [result.value for result in results if result.value is not None]
    return Result(sum(values, Fraction(0)) / len(values), n=len(values)) if values else no_data()


def _revenue_weighted(tally: HealthTally, asked: Asked) -> Result:
    scores = [(customer.mrr, customer.weighted(asked).value) for customer in tally.customers if customer.mrr != 0]
    counted = [(mrr, score) for mrr, score in scores if score is not None]
    known = [(mrr, score) for mrr, score in counted if mrr is not None]
    if not counted:
        return no_data()
    if len(known) < len(counted):
        return null(Reason.MIXED_CURRENCY)
    return quotient(sum(mrr * score for mrr, score in known), sum(mrr for mrr, _score in known), n=len(known))


def health_coverage(tally: HealthTally, asked: Asked) -> Result:
    """Σ weight of the present inputs ÷ 100."""
    (customer,) = tally.customers
    return quotient(customer.parts.weight, 100, n=len(customer.parts.points))


def health_contribution(tally: HealthTally, asked: Asked) -> Result:
    """What the input adds to the score; not_applicable when the model in force lacks it."""
    (customer,) = tally.customers
    inputs = {item.name: item for item in customer.parts.model.inputs}
    if asked.parameter not in inputs:
        return null(Reason.NOT_APPLICABLE)
    score = customer.weighted(asked)
    return score if score.reason else Result(customer.parts.contribution(inputs[asked.parameter]), n=score.n)


@dataclass(frozen=True)
class TrendTally:
    now: CustomerHealth
    before: CustomerHealth


def health_trend(tally: TrendTally, asked: Asked) -> Result:
    """Score on E minus score health_trend_days earlier, both with the model in force on E."""
    now, before = tally.now.weighted(asked), tally.before.weighted(asked)
    for score in (now, before):
        if score.reason:
            return null(score.reason, n=score.n)
    return Result(Fraction(now.value or 0) - Fraction(before.value or 0), n=now.n)


def health_band_customers(tally: HealthTally, asked: Asked) -> Result:
    """Live customers whose score is in the band; ``unknown``: that have none."""
    scores = [customer.weighted(asked).value for customer in tally.customers]
    bands = [UNKNOWN if score is None else band(score) for score in scores]
    return Result(Fraction(bands.count(str(asked.parameter))), n=len(bands))


def revenue_at_risk(tally: HealthTally, asked: Asked) -> Result:
    """MRR on E of the live payers in the red band; n = those customers."""
    scores = [(customer.mrr, customer.weighted(asked).value) for customer in tally.customers if customer.mrr != 0]
    red = [mrr for mrr, score in scores if score is not None and band(score) == "red"]
    known = [mrr for mrr in red if mrr is not None]
    return Result(sum(known, Fraction(0)), n=len(red)) if len(known) == len(red) else null(Reason.MIXED_CURRENCY)
