"""What every metric is made of: the question (Scope), the answer (Result, Reading), the declaration (Metric).

Pure Python. A metric is a *tally* (SQL counts), a *formula* (Python divides) and a *declaration*.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from .exact import Number, clamp, plain
from .periods import BadPeriod, Period

__all__ = [
    "Asked", "BadPeriod", "Interval", "Metric", "Number", "Period", "Reading", "Reason", "Result", "Scope",
    "WorkspaceSettings", "answer", "clamp", "no_data", "null", "plain", "quotient",
]  # fmt: skip

Subject = str | None
Interval = tuple[Fraction, Fraction]
T = TypeVar("T")


class Reason:
    """Why a value is missing, in the order of testing (1.1)."""

    NOT_APPLICABLE = "not_applicable"
    INCOMPLETE_PERIOD = "incomplete_period"
    NO_DATA = "no_data"
    MIXED_CURRENCY = "mixed_currency"
    BELOW_MINIMUM_N = "below_minimum_n"
    ZERO_DENOMINATOR = "zero_denominator"


@dataclass(frozen=True)
class WorkspaceSettings:
    """The settings of metrics.md section 4, with their defaults."""

    time_zone: str = "Europe/Berlin"
    reporting_currency: str = "EUR"
    anonymous_min_n: int = 5
    churn_min_customers: int = 30
    fiscal_year_start_month: int = 1
    min_n: int = 5
    gross_margin: Decimal | None = None
    usage_min_n: int = 0
    trial_conversion_days: int = 30
    reopen_window_days: int = 7
    session_gap_minutes: int = 30
    regular_days: int = 4
    regular_window_days: int = 28
    churn_reason_lookback_days: int = 90
    stuck_after_days: int = 14
    health_min_coverage: Decimal = Decimal("0.5")
    health_trend_days: int = 30
    billing_stale_days: int = 45
    kvi_path_tolerance: Decimal = Decimal("0.10")
    seats_full_threshold: Decimal = Decimal("0.9")
    advocate_nps_threshold: Decimal = Decimal(50)
    churn_horizon_days: int = 90


@dataclass(frozen=True)
class Scope:
    """What is asked: these subjects of a level, in a period, as known on ``as_of``.

    ``subjects`` are external ids (segments: their text; portfolio: one None). ``customer_ids`` narrows the
    portfolio to an ad-hoc population (section 3 rule 6). Tallies are read once per scope and period.
    """

    level: str
    subjects: tuple[Subject, ...]
    period: Period
    as_of: date
    settings: WorkspaceSettings = field(default_factory=WorkspaceSettings)
    customer_ids: frozenset[int] | None = None
    catalog: "Mapping[str, Metric]" = field(default_factory=dict, compare=False, repr=False)  # for metrics of metrics
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def read(self, tally: Callable[["Scope"], T]) -> T:
        """The tally's answer for this scope; asks the database only once."""
        key = (tally, self.period)
        if key not in self.memo:
            self.memo[key] = tally(self)
        answer: T = self.memo[key]
        return answer

    def during(self, period: Period) -> "Scope":
        """The same question for another period."""
        return replace(self, period=period)

    @property
    def is_complete(self) -> bool:
        return self.period.last_day <= self.as_of

    @property
    def is_filtered(self) -> bool:
        return self.customer_ids is not None


@dataclass(frozen=True)
class Asked:
    """The rest of the question, which the formula needs: one variant and parameter of a metric."""

    scope: Scope
    variant: str
    parameter: str | None = None


@dataclass(frozen=True)
class Result:
    """What a formula returns: exact numbers, no names."""

    value: Fraction | None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    n: int | None = None
    interval: Interval | None = None
    reason: str | None = None


def null(reason: str, *, n: int | None = None) -> Result:
    return Result(None, n=n, reason=reason)


def no_data() -> Result:
    return null(Reason.NO_DATA, n=0)


def quotient(
    numerator: Number, denominator: Number, *, n: int | None = None, factor: int = 1, interval: Interval | None = None
) -> Result:
    """factor × numerator ÷ denominator, with both sides; zero_denominator when there is nothing to divide by."""
    over, under = Fraction(numerator), Fraction(denominator)
    if under == 0:
        return Result(None, over, under, n, reason=Reason.ZERO_DENOMINATOR)
    return Result(factor * over / under, over, under, n, interval)


Formula = Callable[[Any, Asked], Result]
Tally = Callable[[Scope], Mapping[Subject, Any]]


@dataclass(frozen=True)
class Metric:
    """A row of the catalogue. ``tally`` answers for all subjects at once, ``formula`` for one of them."""

    code: str
    names: Mapping[str, str]
    unit: str
    better: str  # "higher", "lower" or "neither"
    levels: tuple[str, ...]
    tally: Tally
    formula: Formula
    formula_text: str
    source: str
    variants: tuple[str, ...] = ("default",)
    variant_levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # narrower than ``levels``
    variant_tallies: Mapping[str, Tally] = field(default_factory=dict)  # variants that read more
    variant_units: Mapping[str, str] = field(default_factory=dict)  # variants in another unit
    parameters: tuple[str, ...] | Callable[[Scope], Sequence[str]] = ()
    unlisted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # level: parameters only answered when named
    has_total: bool = True  # whether the bare code of a parametrised metric has a value of its own
    aliases: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # variant: (code, variant) that answers
    extra: bool = False  # answered only when asked for by name
    edge_cases: str = ""
    accepts: Callable[[str], bool] = bool  # which parameters may be named where they are not a fixed list

    def variants_at(self, level: str) -> tuple[str, ...]:
        return tuple(v for v in self.variants if level in self.variant_levels.get(v, self.levels))

    def unit_of(self, variant: str) -> str:
        return self.variant_units.get(variant, self.unit)

    def tally_of(self, variant: str) -> Tally:
        return self.variant_tallies.get(variant, self.tally)

    def listed_parameters(self, scope: Scope) -> tuple[str | None, ...]:
        """What the bare code yields, in order; None is the metric without a parameter."""
        if not self.parameters:
            return (None,)
        names = self.parameters if isinstance(self.parameters, tuple) else tuple(self.parameters(scope))
        listed = tuple(name for name in names if name not in self.unlisted.get(scope.level, ()))
        return (None, *listed) if self.has_total else listed

    def knows_parameter(self, name: str) -> bool:
        return name in self.parameters if isinstance(self.parameters, tuple) else self.accepts(name)


def answer(scope: Scope, metric: Metric, variant: str, parameter: str | None, subject: Subject) -> Result:
    """One variant and parameter of a metric for one subject; the tally is read once for all of them."""
    result = metric.formula(scope.read(metric.tally_of(variant))[subject], Asked(scope, variant, parameter))
    if not scope.is_complete and result.reason != Reason.NOT_APPLICABLE:
        return null(Reason.INCOMPLETE_PERIOD)
    return result


@dataclass(frozen=True)
class Reading:
    """The result shape: 13 keys, exact inside, text in ``as_json()``. ``currency`` only serves the display."""

    metric: str
    level: str
    subject: Subject
    period: Period
    value: Fraction | None
    unit: str
    numerator: Fraction | None
    denominator: Fraction | None
    n: int | None
    interval: Interval | None
    reason: str | None
    variant: str
    as_of: date
    currency: str | None = field(default=None, compare=False)

    @classmethod
    def of(cls, metric: Metric, asked: Asked, subject: Subject, result: Result) -> "Reading":
        scope = asked.scope
        return cls(
            metric=metric.code if asked.parameter is None else f"{metric.code}:{asked.parameter}",
            level=scope.level,
            subject=subject,
            period=scope.period,
            value=result.value,
            unit=metric.unit_of(asked.variant),
            numerator=result.numerator,
            denominator=result.denominator,
            n=result.n,
            interval=result.interval,
            reason=result.reason,
            variant=asked.variant,
            as_of=scope.as_of,
            currency=scope.settings.reporting_currency if metric.unit == "money" else None,
        )

    @classmethod
    def from_json(cls, data: Mapping[str, Any], currency: str | None = None) -> "Reading":
        """A stored reading, exact to its 10 decimal places."""
        low_high = data["interval"]
        return cls(
            metric=data["metric"],
            level=data["level"],
            subject=data["subject"],
            period=Period(*(date.fromisoformat(data["period"][key]) for key in ("start", "end"))),
            value=_number(data["value"]),
            unit=data["unit"],
            numerator=_number(data["numerator"]),
            denominator=_number(data["denominator"]),
            n=data["n"],
            interval=None if low_high is None else (Fraction(low_high[0]), Fraction(low_high[1])),
            reason=data["reason"],
            variant=data["variant"],
            as_of=date.fromisoformat(data["as_of"]),
            currency=currency,
        )

    @property
    def code(self) -> str:
        return self.metric.partition(":")[0]

    def as_json(self) -> dict[str, Any]:
        return {
            "metric": self.metric,
            "level": self.level,
            "subject": self.subject,
            "period": self.period.as_json(),
            "value": _text(self.value),
            "unit": self.unit,
            "numerator": _text(self.numerator),
            "denominator": _text(self.denominator),
            "n": self.n,
            "interval": None if self.interval is None else [plain(bound) for bound in self.interval],
            "reason": self.reason,
            "variant": self.variant,
            "as_of": self.as_of.isoformat(),
        }


def _text(number: Number | None) -> str | None:
    return None if number is None else plain(number)


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
