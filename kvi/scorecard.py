"""The one way to a number: ``measure(codes, period, ...)`` for pages, reports, exports, command and API."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from accounts.services import workspace_settings
from cs_portal.metrics.base import Asked, Metric, Period, Reading, Scope, Subject, WorkspaceSettings, answer
from kvi.catalog import CATALOG, LEVELS
from kvi.changes import FactsVersion, facts_version
from kvi.subjects import listed_subjects

REMEMBERED = 512  # questions with their answers, in each process


class MetricRequestError(Exception):
    """A question that has no answer: ``code`` of metrics.md 16.8, the parameter at fault, and why."""

    def __init__(self, code: str, attr: str | None, detail: str) -> None:
        super().__init__(detail)
        self.code, self.attr, self.detail = code, attr, detail


@dataclass(frozen=True)
class Question:
    """One metric, parameter and list of variants, to be answered for every subject of the scope."""

    metric: Metric
    parameter: str | None
    variants: tuple[str, ...]


def measure(
    codes: Sequence[str] | None,
    period: Period,
    *,
    level: str = "portfolio",
    subjects: Sequence[str] | None = None,
    variant: str | None = None,
    as_of: date | None = None,
    customers: Collection[int] | None = None,
) -> list[Reading]:
    """The readings in the order of metrics.md 16.4: code, parameter, subject, variant.

    ``codes`` None: every metric of the level. ``subjects`` None: all of the level. ``variant``: a name, ``all``
    or None for the default. ``customers`` (primary keys) narrows the portfolio to an ad-hoc population.
    As many queries for thirty subjects as for one; one while no fact has changed since the same question was
    answered. Raises MetricRequestError.
    """
    scope = scope_of(period, level, subjects, as_of=as_of, customers=customers)
    return list(_known(facts_version(), None if codes is None else tuple(codes), scope, variant))


def forget() -> None:
    """What this process remembers; the next answers come from the database."""
    _known.cache_clear()


@lru_cache(maxsize=REMEMBERED)
def _known(
    _version: FactsVersion, codes: tuple[str, ...] | None, scope: Scope, variant: str | None
) -> tuple[Reading, ...]:
    readings = tuple(answers(scope, questions(codes, scope, variant)))
    scope.memo.clear()  # it stays as a part of the key
    return readings


def scope_of(
    period: Period,
    level: str,
    subjects: Sequence[str] | None,
    *,
    as_of: date | None = None,
    customers: Collection[int] | None = None,
    settings: WorkspaceSettings | None = None,
) -> Scope:
    settings = settings or workspace_settings()
    check_level(level)
    names: tuple[Subject, ...] = (None,)
    if level != "portfolio":
        names = tuple(sorted(set(subjects))) if subjects is not None else tuple(listed_subjects(level))
    narrowed = None if customers is None or level != "portfolio" else frozenset(customers)
    return Scope(level, names, period, as_of or today(settings), settings, narrowed, CATALOG)


def today(settings: WorkspaceSettings) -> date:
    return datetime.now(ZoneInfo(settings.time_zone)).date()


def check_level(level: str) -> None:
    if level not in LEVELS:
        raise MetricRequestError("unknown_level", "level", f"{level!r} is no level; known are {', '.join(LEVELS)}.")


# --- what is asked ---------------------------------------------------------------------------------


def check_asked(codes: Sequence[str] | None, level: str, variant: str | None) -> None:
    """Raise MetricRequestError for what does not exist at all, then for what the level lacks (metrics.md 16.8)."""
    named = [_named(code) for code in codes or ()]
    answering = [_answering(metric, variant or "default") for metric, _parameter in named]
    check_level(level)
    for metric, wanted in answering:
        _variants(metric, level, wanted)


def questions(codes: Sequence[str] | None, scope: Scope, variant: str | None) -> list[Question]:
    """Codes and variants checked against the catalogue, bare codes opened into their parameters."""
    wanted = variant or "default"
    if codes:
        return [question for code in codes for question in _opened(*_named(code), scope, wanted)]
    return [question for metric in CATALOG.values() for question in _unnamed(metric, scope, wanted)]


def _named(text: str) -> tuple[Metric, str | None]:
    """The metric and the parameter, if one is named."""
    code, colon, parameter = text.partition(":")
    metric = CATALOG.get(code)
    if metric is None:
        raise MetricRequestError("unknown_code", "code", f"{code!r} is no metric of the catalogue.")
    if colon and not metric.knows_parameter(parameter):
        raise MetricRequestError("unknown_parameter", "code", f"{code!r} has no parameter {parameter!r}.")
    return metric, parameter if colon else None


def _answering(metric: Metric, variant: str) -> tuple[Metric, str]:
    """The metric and variant that answer: themselves, or what an alias stands for."""
    if variant in metric.aliases:
        code, variant = metric.aliases[variant]
        metric = CATALOG[code]
    if variant not in {"all", "default", *metric.variants}:
        raise MetricRequestError(
            "unknown_variant", "variant", f"{metric.code!r} has the variants {', '.join(metric.variants)}."
        )
    return metric, variant


def _opened(metric: Metric, parameter: str | None, scope: Scope, variant: str) -> Iterable[Question]:
    metric, variant = _answering(metric, variant)
    variants = _variants(metric, scope.level, variant)
    parameters = metric.listed_parameters(scope) if parameter is None else (parameter,)
    return [Question(metric, name, variants) for name in parameters]


def _variants(metric: Metric, level: str, variant: str) -> tuple[str, ...]:
    found = _chosen_variants(metric, level, variant)
    if not found:
        raise MetricRequestError("level_not_supported", "level", f"{metric.code!r} is not defined at level {level!r}.")
    return found


def _chosen_variants(metric: Metric, level: str, variant: str) -> tuple[str, ...]:
    """The variants meant that exist at the level; none when the metric lacks them."""
    here = metric.variants_at(level) if level in metric.levels else ()
    if variant == "all":
        return here
    wanted = metric.variants[0] if variant == "default" else variant
    return (wanted,) if wanted in here else ()


def _unnamed(metric: Metric, scope: Scope, variant: str) -> Iterable[Question]:
    variants = () if metric.extra else _chosen_variants(metric, scope.level, variant)
    return [Question(metric, name, variants) for name in metric.listed_parameters(scope)] if variants else []


# --- the answers -------------------------------------------------------------------------------------


def answers(scope: Scope, asked: Iterable[Question]) -> list[Reading]:
    """One reading per question, subject and variant; each tally is read once."""
    return [
        _reading(scope, question, subject, variant)
        for question in asked
        for subject in scope.subjects
        for variant in question.variants
    ]


def _reading(scope: Scope, question: Question, subject: Subject, variant: str) -> Reading:
    result = answer(scope, question.metric, variant, question.parameter, subject)
    return Reading.of(question.metric, Asked(scope, variant, question.parameter), subject, result)
