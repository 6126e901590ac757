"""Random usage around midnight and the hour that is skipped, and the files that say it."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tests.accounts.usage.reference import Daily, Event

FIRST = datetime(2025, 3, 29, 20, tzinfo=UTC)  # the clocks of Berlin go forward in the night after
CUSTOMER_OF = {"u1": "C1", "u2": "C1", "u3": "C2", "u4": "C3", "t1": "C1"}
FEATURES = ("report", "export", "search")


def random_event(dice: random.Random, key: str) -> Event:
    at = FIRST + timedelta(minutes=5 * dice.randrange(12 * 50))
    duration = dice.choice((None, None, None, 60, 90000))
    return Event(key, dice.choice([*CUSTOMER_OF]), at, dice.choice(FEATURES), duration)


def moved(dice: random.Random, event: Event) -> Event:
    """The same id with another time, and sometimes another user of the customer."""
    same = [user for user, customer in CUSTOMER_OF.items() if customer == CUSTOMER_OF[event.user]]
    return replace(random_event(dice, event.key), user=dice.choice(same))


def random_daily(dice: random.Random) -> Daily:
    user = dice.choice([*CUSTOMER_OF, None, None])
    customer = CUSTOMER_OF[user] if user else dice.choice(("C1", "C2", "C4"))
    day = date(2025, 3, 27) + timedelta(dice.randrange(6))
    counts = dice.choice((None, 2, 3)), dice.choice((None, None, 120, 100000))
    active = None if user else dice.choice((None, 4, 7))
    return Daily(customer, user, day, dice.choice((*FEATURES, "old")), dice.choice((0, 0, 1, 5)), *counts, active)


def events_file(events: Iterable[Event]) -> str:
    rows = (
        f"{e.key},{CUSTOMER_OF[e.user]},{e.user},{e.feature},{e.at.isoformat()},,{_text(e.duration)}" for e in events
    )
    return "\n".join(("external_id,customer,end_user,name,occurred_at,feature,duration_seconds", *rows))


def daily_file(rows: Iterable[Daily]) -> str:
    lines = (
        ",".join(map(_text, (r.customer, r.user, r.day, r.feature, r.events, r.sessions, r.duration, r.active_users)))
        for r in rows
    )
    return "\n".join(("customer,end_user,date,feature,events,sessions,duration_seconds,active_users", *lines))


def _text(value: object) -> str:
    return "" if value is None else str(value)
