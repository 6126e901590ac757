"""What metrics.md section 8 says, user by user and event by event in plain Python, without SQL and without roll-ups."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Event:
    key: str
    user: str
    at: datetime
    feature: str
    duration: int | None = None


@dataclass(frozen=True)
class Daily:
    customer: str
    user: str | None
    day: date
    feature: str
    events: int
    sessions: int | None = None
    duration: int | None = None
    active_users: int | None = None


@dataclass
class Day:
    """What a user did on a local day."""

    events: int = 0
    sessions: int = 0
    duration: int | None = None
    gaps: Fraction = Fraction(0)
    features: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def minutes(self) -> Fraction:
        return min(Fraction(1440), (self.gaps if self.duration is None else Fraction(self.duration)) / 60)

    def add_duration(self, seconds: int | None) -> None:
        if seconds is not None:
            self.duration = (self.duration or 0) + seconds


Days = dict[tuple[str, date], Day]


def user_days(events: Iterable[Event], daily: Iterable[Daily], *, zone: str, gap: int, as_of: date) -> Days:
    days: Days = defaultdict(Day)
    by_user: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if _day(event, zone) <= as_of:
            by_user[event.user].append(event)
    for user, own in by_user.items():
        _add_events(days, user, sorted(own, key=lambda event: event.at), zone, timedelta(minutes=gap))
    with_events = set(days)
    for row in daily:
        if row.user is not None and row.day <= as_of and (row.user, row.day) not in with_events:
            _add_row(days[row.user, row.day], row)
    return days


def _day(event: Event, zone: str) -> date:
    return event.at.astimezone(ZoneInfo(zone)).date()


def _add_events(days: Days, user: str, events: list[Event], zone: str, gap: timedelta) -> None:
    for before, event, after in zip([None, *events], events, [*events[1:], None], strict=False):
        day = days[user, _day(event, zone)]
        day.events += 1
        day.features[event.feature] += 1
        day.sessions += before is None or event.at - before.at > gap
        day.add_duration(event.duration)
        if after is not None and after.at - event.at <= gap:
            day.gaps += Fraction(int((after.at - event.at).total_seconds()))


def _add_row(day: Day, row: Daily) -> None:
    day.events += row.events
    day.features[row.feature] += row.events
    day.sessions = max(day.sessions, row.sessions or 0, 1)
    day.add_duration(row.duration)
