"""The usage metrics of a small world, reckoned from its rows in plain Python (metrics.md, 8 and 17.9)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from tests.accounts.usage.reference import Daily, Days, Event, user_days

DAY = timedelta(days=1)
NOTHING = None, None, None


class User(NamedTuple):
    customer: str
    group: str | None = None
    is_test: bool = False
    licensed: tuple[date, date] | None = (date(1970, 1, 1), date(2199, 1, 1))


@dataclass
class World:
    """``customers``: segment, empty for none; ``paying`` ones pay; ``seats`` by customer."""

    customers: dict[str, str]
    tests: set[str]
    users: dict[str, User]
    events: list[Event]
    daily: list[Daily]
    paying: set[str] = field(default_factory=set)
    seats: dict[str, int] = field(default_factory=dict)
    zone: str = "Europe/Berlin"
    gap: int = 30
    regular: tuple[int, int] = (2, 3)
    min_n: int = 0


@dataclass
class Reckoning:
    """All metrics of one subject; the answer is value, numerator, denominator, n, reason."""

    world: World
    level: str
    subject: str | None
    start: date
    end: date
    as_of: date

    def __post_init__(self) -> None:
        world, last = self.world, min(self.end - DAY, self.as_of)
        self.last = last
        everything = user_days(world.events, world.daily, zone=world.zone, gap=world.gap, as_of=self.as_of)
        self.known = any(day <= last for _user, day in everything)
        self.known |= any(row.user is None and row.day <= last for row in world.daily)
        self.of_users = {key: day for key, day in everything.items() if not world.users[key[0]].is_test}
        self.users = {name for name, user in world.users.items() if self._is_ours(user) and not user.is_test}
        self.days: Days = {key: day for key, day in self.of_users.items() if key[0] in self.users and key[1] <= last}
        ours = [row for row in world.daily if row.user is None and row.day <= last]
        self.seen = {name for (_user, at), day in self.of_users.items() if at <= last for name in day.features}
        self.seen |= {row.feature for row in ours}
        self.free = [row for row in ours if self.level != "user_group" and self._holds(row.customer)]
        self.licensed = {name for name in self.users if self._has_licence(name)}

    def _is_ours(self, user: User) -> bool:
        return user.group == self.subject if self.level == "user_group" else self._holds(user.customer)

    def _holds(self, customer: str) -> bool:
        if self.level == "customer":
            return customer == self.subject
        return customer not in self.world.tests and self.subject in (None, self.world.customers[customer])

    def _has_licence(self, name: str) -> bool:
        span = self.world.users[name].licensed
        return span is not None and span[0] <= self.end - DAY < span[1]

    # --- the parts -----------------------------------------------------------------------------

    def active(self, start: date) -> list[tuple[str, date]]:
        return [key for key, day in self.days.items() if key[1] >= start and day.events]

    def persons(self, start: date) -> set[str]:
        return {user for user, _day in self.active(start)}

    def back(self, days: int) -> date:
        return self.end - timedelta(days)

    def refusal(self, *starts: date, counting: bool = False) -> str | None:
        free = [[row for row in self.free if row.day >= start] for start in starts]
        with_users = [[key for key in self.days if key[1] >= start] for start in starts]
        counted = counting and any(row.active_users is not None for rows in free for row in rows)
        if not counted and any(rows and not own for rows, own in zip(free, with_users, strict=True)):
            return "not_applicable"
        if not self.known:
            return "no_data"
        few = any(0 < len(self.persons(start)) < self.world.min_n for start in starts)
        return "below_minimum_n" if few else None

    def counted(self) -> tuple[int, int]:
        """Users and events of person-free rows that say how many users there were."""
        largest: dict[tuple[str, date], int] = {}
        rows = [row for row in self.free if row.day >= self.start and row.active_users is not None]
        for row in rows:
            largest[row.customer, row.day] = max(largest.get((row.customer, row.day), 0), row.active_users or 0)
        return sum(largest.values()), sum(row.events for row in rows)

    # --- the metrics ---------------------------------------------------------------------------

    def answers(self) -> Iterator[tuple[str, str, tuple[object, ...]]]:
        """Code, variant, answer; those of features for every feature seen."""
        start, week, month = self.start, self.back(7), self.back(30)
        least, regular = self.world.regular[0], self.back(self.world.regular[1])
        days, persons, pairs = (self.end - start).days, self.persons(start), self.active(start)
        extra_users, extra_events = self.counted()
        busy = [self.days[key] for key in pairs]
        often = {u for u in self.persons(regular) if sum(key[0] == u for key in self.active(regular)) >= least}
        minutes, sessions = sum((day.minutes for day in busy), Fraction(0)), sum(day.sessions for day in busy)
        counting, plain = self.refusal(start, counting=True), self.refusal(start)
        n, monthly = len(persons), len(self.persons(month))
        daily = Fraction(len(self.active(month)), 30)
        yield "active_users", "default", _number(n, plain)
        yield "dau", "default", _share(len(pairs) + extra_users, days, n, counting)
        yield "wau", "default", _number(len(self.persons(week)), self.refusal(week))
        yield "mau", "default", _number(monthly, self.refusal(month))
        yield "stickiness", "same_window", _share(daily, monthly, monthly, self.refusal(month))
        both = self.refusal(start, month)
        yield "stickiness", "period_dau", _share(Fraction(len(pairs), days), monthly, monthly, both)
        yield "regular_active_users", "default", _number(len(often), self.refusal(regular))
        licensed = len(self.licensed)
        share = _share(len(often & self.licensed), licensed, licensed, self.refusal(regular))
        yield "regular_active_share", "default", share
        events = sum(day.events for day in busy) + extra_events
        yield "usage_intensity", "default", _share(events, len(pairs) + extra_users, n, counting)
        yield "sessions_per_day", "per_day", _share(sessions, days, n, plain)
        yield "sessions_per_day", "per_user_day", _share(sessions, len(pairs), n, plain)
        yield from self.features(plain)
        yield "engagement_rate", "per_user", _share(minutes, n, n, plain)
        yield "engagement_rate", "per_user_day", _share(minutes, len(pairs), n, plain)
        if self.level != "user_group":
            yield from self.licences(plain)
        if self.level in ("portfolio", "segment"):
            yield "active_accounts", "default", _number(len(self.accounts()), None if self.known else "no_data")

    def features(self, plain: str | None) -> Iterator[tuple[str, str, tuple[object, ...]]]:
        persons, licensed = len(self.persons(self.start)), len(self.licensed)
        paying = {customer for customer in self.world.paying if self.level != "user_group" and self._holds(customer)}
        for name in [*sorted(self.seen), "never"]:
            having = {user for user, day in self.active(self.start) if self.days[user, day].features.get(name)}
            reason = "no_data" if name == "never" and plain != "not_applicable" else plain
            code = f"feature_adoption:{name}"
            yield code, "active_users", _share(len(having), persons, persons, reason)
            yield code, "licensed_users", _share(len(having & self.licensed), licensed, licensed, reason)
            if self.level in ("portfolio", "segment"):
                reason = "no_data" if name == "never" else None
                yield code, "accounts", _share(len(self.accounts(name) & paying), len(paying), len(paying), reason)

    def licences(self, plain: str | None) -> Iterator[tuple[str, str, tuple[object, ...]]]:
        active = self.persons(self.start) & self.licensed
        seats = {name: number for name, number in self.world.seats.items() if self._holds(name)}
        seated = [user for user in active if self.world.users[user].customer in seats]
        reason = "no_data" if not seats and plain != "not_applicable" else plain
        total = sum(seats.values())
        yield "licence_utilisation", "seats", _share(len(seated), total, total, reason)
        yield (
            "licence_utilisation",
            "licensed_users",
            _share(len(active), len(self.licensed), len(self.licensed), plain),
        )

    def accounts(self, feature: str | None = None) -> set[str]:
        own = {
            self.world.users[user].customer
            for user, day in self.active(self.start)
            if feature is None or self.days[user, day].features.get(feature)
        }
        rows = [row for row in self.free if row.day >= self.start and row.events]
        return own | {row.customer for row in rows if feature in (None, row.feature)}


def _number(number: int, reason: str | None) -> tuple[object, ...]:
    return (*NOTHING, _n(reason), reason) if reason else (Fraction(number), None, None, number, None)


def _share(over: Fraction | int, under: int, n: int, reason: str | None) -> tuple[object, ...]:
    if reason:
        return *NOTHING, _n(reason), reason
    value = Fraction(over) / under if under else None
    return value, Fraction(over), Fraction(under), n, None if under else "zero_denominator"


def _n(reason: str) -> int | None:
    return 0 if reason == "no_data" else None
