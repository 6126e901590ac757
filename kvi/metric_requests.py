"""From the words of the command line or a query string to a question (metrics.md, section 16)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from accounts.models import Customer, User
from accounts.services import workspace_settings
from cs_portal.metrics.base import BadPeriod, Period, Reading, Scope, WorkspaceSettings
from cs_portal.metrics.periods import parse_day
from kvi.scorecard import MetricRequestError, Question, answers, check_asked, questions, scope_of
from kvi.subjects import known_subjects, listed_subjects

MOST_RESULTS = 10_000


@dataclass(frozen=True)
class Words:
    """What was typed, unchecked."""

    codes: Sequence[str] = ()
    period: str | None = None
    level: str | None = None
    subject: str | None = None
    variant: str | None = None
    as_of: str | None = None
    owner: str | None = None
    format: str | None = None


@dataclass(frozen=True)
class MetricRequest:
    scope: Scope
    questions: Sequence[Question]
    format: str
    owner: str | None

    def answer(self) -> list[Reading]:
        return answers(self.scope, self.questions)


def understand(
    words: Words, *, formats: Sequence[str], viewer: User | None = None, visible: QuerySet[Customer] | None = None
) -> MetricRequest:
    """Check the words and find the subjects, in the order of metrics.md 16.8; ``visible`` None: every customer is.

    Raises MetricRequestError for the first that is wrong.
    """
    settings = workspace_settings()
    level = words.level or "portfolio"
    check_asked(words.codes, level, words.variant)
    customers = _owned_by(words.owner, level, viewer, visible)
    subjects = _subjects(level, words.subject, visible)
    period, as_of = _period(words.period, settings), _as_of(words.as_of)
    layout = _format(words.format, formats)
    scope = scope_of(period, level, subjects, as_of=as_of, customers=customers, settings=settings)
    asked = questions(words.codes, scope, words.variant)
    _check_size(scope, asked)
    return MetricRequest(scope, asked, layout, words.owner)


def _format(text: str | None, formats: Sequence[str]) -> str:
    layout = formats[0] if text is None else text
    if layout not in formats:
        raise MetricRequestError("bad_format", "format", f"{layout!r} is none of {', '.join(formats)}.")
    return layout


def _period(text: str | None, settings: WorkspaceSettings) -> Period:
    try:
        return Period.parse(text or "", settings.fiscal_year_start_month)
    except BadPeriod as error:
        detail = "A period is YYYY-MM, YYYY, YYYY-Qn or YYYY-MM-DD..YYYY-MM-DD (the second day no longer in it)."
        raise MetricRequestError("bad_period", "period", detail) from error


def _as_of(text: str | None) -> date | None:
    try:
        return None if text is None else parse_day(text)
    except ValueError as error:
        raise MetricRequestError("bad_as_of", "as_of", "A date is YYYY-MM-DD.") from error


def _subjects(level: str, subject: str | None, visible: QuerySet[Customer] | None) -> list[str] | None:
    if level == "portfolio":
        if subject is not None:
            raise MetricRequestError("subject_without_level", "subject", "Name the level of the subject too.")
        return None
    if subject is None:
        return listed_subjects(level, visible)
    if not known_subjects(level, [subject], visible):
        raise MetricRequestError("unknown_subject", "subject", f"There is no {level} {subject!r}.")
    return [subject]


def _owned_by(
    owner: str | None, level: str, viewer: User | None, visible: QuerySet[Customer] | None
) -> frozenset[int] | None:
    """The customers of an owner; one matched to no user stays known by the text that was imported."""
    if owner is None:
        return None
    if level != "portfolio":
        raise MetricRequestError("level_not_supported", "level", "An owner goes with the level portfolio only.")
    if owner == "me" and viewer is not None:
        owned = Q(owner=viewer)
    else:
        owned = Q(owner__email=owner.lower()) | Q(owner__isnull=True, owner_text__iexact=owner)
        if "\x00" in owner or not _is_somebody(owner, owned):
            raise MetricRequestError("unknown_subject", "owner", f"Nobody has the address {owner!r}.")
    customers = Customer.objects.all() if visible is None else visible
    return frozenset(customers.filter(owned).values_list("pk", flat=True))


def _is_somebody(email: str, owned: Q) -> bool:
    return User.objects.filter(email=email.lower()).exists() or Customer.objects.filter(owned).exists()


def _check_size(scope: Scope, asked: Sequence[Question]) -> None:
    size = len(scope.subjects) * sum(len(question.variants) for question in asked)
    if size > MOST_RESULTS:
        detail = f"{size} results are more than {MOST_RESULTS}: ask for fewer metrics, subjects or variants."
        raise MetricRequestError("too_many_results", None, detail)
