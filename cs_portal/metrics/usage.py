"""Who uses the product, how often and for how long (metrics.md, section 8)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .base import Asked, Reason, Result, no_data, null, quotient
from .exact import Number

WEEK, MONTH = 7, 30  # days
MOST_MINUTES = 1440  # of a user and day; the tally cuts


@dataclass(frozen=True)
class Window:
    """What a subject's rows say about some days. ``rows`` of users and ``person_free`` ones, also without events."""

    users: int = 0  # with an event
    user_days: int = 0  # pairs of user and day with an event
    rows: bool = False
    person_free: bool = False

    @property
    def is_impersonal(self) -> bool:
        return self.person_free and not self.rows


@dataclass(frozen=True)
class UsageTally:
    """``known``: the workspace has a usage row dated on or before E."""

    known: bool = False
    period: Window = field(default_factory=Window)
    week: Window = field(default_factory=Window)  # the last 7 days
    month: Window = field(default_factory=Window)  # the last 30 days
    regular: Window = field(default_factory=Window)  # the last regular_window_days
    regular_users: int = 0
    regular_licensed: int = 0  # of them on E
    events: int = 0
    sessions: int = 0
    minutes: Fraction = Fraction(0)
    counted_users: int = 0  # of person-free rows with active_users: the largest per customer and day, summed
    counted_events: int = 0  # of these rows
    counts_users: bool = False  # there is such a row
    licensed: int = 0  # users on E
    active_licensed: int = 0
    active_seated: int = 0  # of them those of customers with a seats value
    seats: int | None = None  # on E; None: no customer has a value

    @property
    def user_days(self) -> int:
        return self.period.user_days


@dataclass(frozen=True)
class FeatureTally:
    """``users`` and ``accounts`` with an event of a feature in the period; ``seen``: by the workspace up to E."""

    usage: UsageTally
    seen: frozenset[str]
    users: Mapping[str, int] = field(default_factory=dict)
    licensed: Mapping[str, int] = field(default_factory=dict)
    accounts: Mapping[str, int] = field(default_factory=dict)  # that pay on E
    payers: int = 0


def _refused(tally: UsageTally, asked: Asked, *windows: Window) -> Result | None:
    """Why a user metric over these windows has no value, if it has none."""
    if any(window.is_impersonal for window in windows):
        return null(Reason.NOT_APPLICABLE)
    return no_data() if not tally.known else _too_few(asked, *windows)


def _too_few(asked: Asked, *windows: Window) -> Result | None:
    few = any(0 < window.users < asked.scope.settings.usage_min_n for window in windows)
    return null(Reason.BELOW_MINIMUM_N) if few else None


def _count(number: int, n: int | None = None) -> Result:
    return Result(Fraction(number), n=number if n is None else n)


def active_users(tally: UsageTally, asked: Asked) -> Result:
    """Distinct users with an event in the period."""
    return _refused(tally, asked, tally.period) or _count(tally.period.users)


def wau(tally: UsageTally, asked: Asked) -> Result:
    """Distinct users with an event in the last 7 days."""
    return _refused(tally, asked, tally.week) or _count(tally.week.users)


def mau(tally: UsageTally, asked: Asked) -> Result:
    """Distinct users with an event in the last 30 days."""
    return _refused(tally, asked, tally.month) or _count(tally.month.users)


def _refused_counting(tally: UsageTally, asked: Asked) -> Result | None:
    """The same of a metric to which person-free rows with active_users contribute."""
    if not tally.counts_users:
        return _refused(tally, asked, tally.period)
    return _too_few(asked, tally.period)


def dau(tally: UsageTally, asked: Asked) -> Result:
    """Σ over days of active users ÷ days of the period."""
    pairs = tally.user_days + tally.counted_users
    return _refused_counting(tally, asked) or _per_period(pairs, tally, asked)


def _per_period(number: Number, tally: UsageTally, asked: Asked) -> Result:
    return quotient(number, asked.scope.period.days, n=tally.period.users)


def usage_intensity(tally: UsageTally, asked: Asked) -> Result:
    """Events ÷ pairs of user and day with events."""
    events, pairs = tally.events + tally.counted_events, tally.user_days + tally.counted_users
    return _refused_counting(tally, asked) or quotient(events, pairs, n=tally.period.users)


def stickiness(tally: UsageTally, asked: Asked) -> Result:
    """Daily ÷ monthly active users; daily ones of the same 30 days, ``period_dau``: of the period."""
    users = tally.month.users
    if asked.variant == "period_dau":
        daily = Fraction(tally.user_days, asked.scope.period.days)
        return _refused(tally, asked, tally.period, tally.month) or quotient(daily, users, n=users)
    daily = Fraction(tally.month.user_days, MONTH)
    return _refused(tally, asked, tally.month) or quotient(daily, users, n=users)


def regular_active_users(tally: UsageTally, asked: Asked) -> Result:
    """Users active on at least X of the last Y days."""
    return _refused(tally, asked, tally.regular) or _count(tally.regular_users)


def regular_active_share(tally: UsageTally, asked: Asked) -> Result:
    """Regular active users with a licence on E ÷ users with a licence on E."""
    share = quotient(tally.regular_licensed, tally.licensed, n=tally.licensed)
    return _refused(tally, asked, tally.regular) or share


def sessions_per_day(tally: UsageTally, asked: Asked) -> Result:
    """Sessions that begin in the period ÷ its days; ``per_user_day``: ÷ pairs of user and day with events."""
    if refused := _refused(tally, asked, tally.period):
        return refused
    if asked.variant == "per_user_day":
        return quotient(tally.sessions, tally.user_days, n=tally.period.users)
    return _per_period(tally.sessions, tally, asked)


def engagement_rate(tally: UsageTally, asked: Asked) -> Result:
    """Active minutes ÷ active users; ``per_user_day``: ÷ pairs of user and day with events."""
    users = tally.period.users
    under = tally.user_days if asked.variant == "per_user_day" else users
    return _refused(tally, asked, tally.period) or quotient(tally.minutes, under, n=users)


def licence_utilisation(tally: UsageTally, asked: Asked) -> Result:
    """Active users with a licence on E ÷ seats on E; ``licensed_users``: ÷ users with a licence on E."""
    by_users = asked.variant == "licensed_users"
    if tally.period.is_impersonal:
        return null(Reason.NOT_APPLICABLE)
    if not by_users and tally.seats is None:
        return no_data()
    over, under = (tally.active_licensed, tally.licensed) if by_users else (tally.active_seated, tally.seats or 0)
    return _refused(tally, asked, tally.period) or quotient(over, under, n=under)


def feature_adoption(tally: FeatureTally, asked: Asked) -> Result:
    """Users of a feature ÷ active users; the same of users with a licence on E, and of paying customers."""
    usage, feature = tally.usage, asked.parameter or ""
    if asked.variant != "accounts" and usage.period.is_impersonal:
        return null(Reason.NOT_APPLICABLE)
    if feature not in tally.seen:
        return no_data()
    if asked.variant == "accounts":
        return quotient(tally.accounts.get(feature, 0), tally.payers, n=tally.payers)
    if refused := _refused(usage, asked, usage.period):
        return refused
    if asked.variant == "licensed_users":
        return quotient(tally.licensed.get(feature, 0), usage.licensed, n=usage.licensed)
    return quotient(tally.users.get(feature, 0), usage.period.users, n=usage.period.users)


def active_accounts(tally: int | None, asked: Asked) -> Result:
    """Customers with an event in the period; None: the workspace has no usage."""
    return no_data() if tally is None else _count(tally)
