"""What customers say: NPS, CSAT, CES, response rate (metrics.md, section 6)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from .base import Asked, Interval, Reason, Result, Scope, no_data, null, quotient
from .statistics import Balance, wilson

NPS_GROUPS = {"promoter": range(9, 11), "passive": range(7, 9), "detractor": range(0, 7)}
KINDS = ("nps", "csat", "ces")
DEFAULT_HIGH_FROM = {
    ("csat", 1, 5): 4, ("csat", 1, 7): 6, ("csat", 1, 10): 8,
    ("ces", 1, 5): 4, ("ces", 1, 7): 5, ("ces", 1, 10): 7,
}  # fmt: skip
GUARDED_LEVELS = frozenset({"segment", "user_group"})  # rule 5 (b); filtered portfolios as well


@dataclass(frozen=True)
class Scale:
    low: int = 0
    high: int = 10
    high_from: int | None = None
    reversed: bool = False

    def turned(self, score: int) -> int:
        """The score, higher being better."""
        return self.low + self.high - score if self.reversed else score

    def is_high(self, kind: str, score: int) -> bool:
        limit = self.high_from
        if limit is None:
            limit = DEFAULT_HIGH_FROM.get((kind, self.low, self.high), self.high)
        return self.turned(score) >= limit


@dataclass(frozen=True)
class ScoreCount:
    """Answers of one kind with one score from one customer (None: nobody's).

    ``counted`` are the counted answers; ``all_answers`` of them passed rule 5 (a), ``respondent`` rule 3 as well.
    """

    kind: str
    score: int
    scale: Scale
    customer_id: int | None
    anonymous: bool
    counted: int
    all_answers: int
    respondent: int

    def size(self, variant: str) -> int:
        return self.all_answers if variant == "all_answers" else self.respondent

    @property
    def turned(self) -> int:
        return self.scale.turned(self.score)

    @property
    def is_high(self) -> bool:
        return self.scale.is_high(self.kind, self.score)


@dataclass(frozen=True)
class FeedbackTally:
    answers: tuple[ScoreCount, ...] = ()
    closing_mrr: Mapping[int, Fraction | None] = field(default_factory=dict)  # customer: MRR on E, None without a rate


@dataclass(frozen=True)
class Pool:
    """The answers of a kind after rules 3 and 5, and the reason why a formula may not use them."""

    answers: tuple[tuple[ScoreCount, int], ...] = ()
    reason: str | None = None

    @property
    def n(self) -> int:
        return sum(size for _answer, size in self.answers)

    def count(self, test: Callable[[ScoreCount], bool]) -> int:
        return sum(size for answer, size in self.answers if test(answer))

    def refused(self) -> Result:
        return no_data() if self.reason == Reason.NO_DATA else null(str(self.reason))


def pool(tally: FeedbackTally, kind: str, asked: Asked, variant: str | None = None) -> Pool:
    """Rules 3 and 5: what remains of the answers of a kind."""
    wanted = [answer for answer in tally.answers if answer.kind == kind]
    kept = tuple((answer, size) for answer in wanted if (size := answer.size(variant or asked.variant)))
    n = sum(size for _answer, size in kept)
    if n == 0:
        return Pool(reason=Reason.BELOW_MINIMUM_N if any(a.counted for a in wanted) else Reason.NO_DATA)
    if n < asked.scope.settings.min_n and _is_guarded(asked.scope):
        return Pool(kept, Reason.BELOW_MINIMUM_N)
    return Pool(kept)


def _is_guarded(scope: Scope) -> bool:
    return scope.level in GUARDED_LEVELS or scope.is_filtered


# --- NPS ----------------------------------------------------------------------------------------


def nps_groups(answers: Pool) -> dict[str, int]:
    return {name: answers.count(lambda a, scores=scores: a.turned in scores) for name, scores in NPS_GROUPS.items()}  # type: ignore[misc]


def _balance(answers: Pool) -> Balance:
    groups = nps_groups(answers)
    return Balance.of(groups["promoter"], groups["passive"], groups["detractor"])


def _score(answers: Pool, interval: Interval | None = None) -> Result:
    groups = nps_groups(answers)
    return quotient(groups["promoter"] - groups["detractor"], answers.n, n=answers.n, factor=100, interval=interval)


def nps(tally: FeedbackTally, asked: Asked) -> Result:
    """100 × (promoters − detractors) ÷ n in percent-points, -100 to 100; 95 % adjusted-Wald interval.

    ``account`` is the mean over customers, ``revenue`` their mean weighted with MRR on E.
    """
    answers = pool(tally, "nps", asked)
    if answers.reason:
        return answers.refused()
    if asked.variant == "account":
        return _account_nps(answers)
    if asked.variant == "revenue":
        return _revenue_nps(answers, tally.closing_mrr)
    return _score(answers, _balance(answers).interval())


def _by_customer(answers: Pool) -> dict[int, Fraction]:
    """Each customer's NPS; answers of nobody and anonymous ones stay out."""
    shares: dict[int, list[tuple[ScoreCount, int]]] = defaultdict(list)
    for answer, size in answers.answers:
        if answer.customer_id is not None and not answer.anonymous:
            shares[answer.customer_id].append((answer, size))
    scores = {customer: _score(Pool(tuple(own))).value for customer, own in shares.items()}
    return {customer: score for customer, score in scores.items() if score is not None}


def _account_nps(answers: Pool) -> Result:
    scores = _by_customer(answers)
    return Result(sum(scores.values(), Fraction(0)) / len(scores), n=len(scores)) if scores else no_data()


def _revenue_nps(answers: Pool, closing_mrr: Mapping[int, Fraction | None]) -> Result:
    payers = {c: score for c, score in _by_customer(answers).items() if closing_mrr.get(c, Fraction(0)) != 0}
    if not payers:
        return no_data()
    weights = [(closing_mrr[customer], score) for customer, score in payers.items()]
    known = [(weight, score) for weight, score in weights if weight is not None]
    if len(known) < len(weights):
        return null(Reason.MIXED_CURRENCY)
    return quotient(sum(w * s for w, s in known), sum(w for w, _s in known), n=len(known))


def nps_share(tally: FeedbackTally, asked: Asked) -> Result:
    """Answers of the group ÷ n."""
    answers = pool(tally, "nps", asked)
    if answers.reason:
        return answers.refused()
    return quotient(nps_groups(answers)[str(asked.parameter)], answers.n, n=answers.n)


@dataclass(frozen=True)
class ChangeTally:
    now: FeedbackTally
    before: FeedbackTally


def _two_pools(tally: ChangeTally, asked: Asked) -> tuple[Pool, Pool]:
    now, before = (pool(side, "nps", asked, "respondent") for side in (tally.now, tally.before))
    return now, before


def nps_change(tally: ChangeTally, asked: Asked) -> Result:
    """NPS minus that of the previous period, in percent-points, with the interval of the difference."""
    now, before = _two_pools(tally, asked)
    if now.reason or before.reason:
        return (now if now.reason else before).refused()
    value = Fraction(_score(now).value or 0) - Fraction(_score(before).value or 0)
    return Result(value, n=now.n, interval=_balance(now).change_interval(_balance(before)))


def nps_change_z(tally: ChangeTally, asked: Asked) -> Result:
    """The change in standard errors; from Z on (either sign) it is a clear change."""
    now, before = _two_pools(tally, asked)
    if now.reason or before.reason:
        return (now if now.reason else before).refused()
    return Result(_balance(now).change_z(_balance(before)), n=now.n)


# --- CSAT and CES -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Surveyed:
    """Invitations sent for one kind of answer; ``high`` is whether they were answered high, None: not at all."""

    kind: str
    size: int
    high: bool | None


def high_share(kind: str) -> Callable[[FeedbackTally | Sequence[Surveyed], Asked], Result]:
    """High answers ÷ n with a Wilson interval (CSAT; CES, where high means easy).

    Variant ``seed_literal_surveyed``: sent invitations with a high answer ÷ sent invitations, without an interval.
    """

    def share(tally: FeedbackTally | Sequence[Surveyed], asked: Asked) -> Result:
        if not isinstance(tally, FeedbackTally):
            return _surveyed_share([row for row in tally if row.kind == kind], asked.scope)
        answers = pool(tally, kind, asked)
        if answers.reason:
            return answers.refused()
        high = answers.count(lambda answer: answer.is_high)
        return quotient(high, answers.n, n=answers.n, interval=wilson(high, answers.n))

    return share


def _surveyed_share(sent: Sequence[Surveyed], scope: Scope) -> Result:
    answered = sum(row.size for row in sent if row.high is not None)
    if 0 < answered < scope.settings.min_n and _is_guarded(scope):
        return null(Reason.BELOW_MINIMUM_N)
    return quotient(sum(row.size for row in sent if row.high), sum(row.size for row in sent), n=answered)


def mean_score(kind: str) -> Callable[[FeedbackTally, Asked], Result]:
    """Σ scores ÷ n; not_applicable when surveys of different scales are pooled, however few the answers are."""

    def mean(tally: FeedbackTally, asked: Asked) -> Result:
        answers = pool(tally, kind, asked)
        if len({(a.scale.low, a.scale.high) for a, _size in answers.answers}) > 1:
            return null(Reason.NOT_APPLICABLE)
        if answers.reason:
            return answers.refused()
        return quotient(sum(a.turned * size for a, size in answers.answers), answers.n, n=answers.n)

    return mean


# --- How many ------------------------------------------------------------------------------------


def survey_answers(tally: FeedbackTally, asked: Asked) -> Result:
    """Counted answers of a kind."""
    answers = pool(tally, str(asked.parameter), asked)
    return answers.refused() if answers.reason else Result(Fraction(answers.n), n=answers.n)


@dataclass(frozen=True)
class Asking:
    """Invitations of one survey and kind; ``answered`` are linked answers, for an anonymous survey its answers."""

    sent: int
    delivered: int
    answered: int


def response_rate(askings: Iterable[Asking], asked: Asked) -> Result:
    """Answered ÷ delivered; variant ``sent``: ÷ sent."""
    rows = list(askings)
    sent, delivered = sum(row.sent for row in rows), sum(row.delivered for row in rows)
    if not sent:
        return no_data()
    base = sent if asked.variant == "sent" else delivered
    return quotient(sum(min(row.delivered, row.answered) for row in rows), base, n=base)
