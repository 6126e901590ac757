"""The support metrics against plain Python, ticket by ticket, on small random worlds."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from math import ceil
from random import Random
from zoneinfo import ZoneInfo

import pytest

from cs_portal.metrics.exact import plain
from tests.accounts.support.test_support_metrics import CODES, readings
from tests.factories.accounts import make_customer
from tests.factories.facts import make_ticket, set_workspace

pytestmark = pytest.mark.django_db
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(1, 60))]
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata")
FIRST = datetime(2025, 3, 1, tzinfo=ZoneInfo("UTC"))


def random_ticket(random):
    """Moments in quarters of an hour around the change to summer time, in their order."""
    moments = sorted(FIRST + timedelta(minutes=15 * random.randrange(60 * 96)) for _ in range(4))
    opened, first, reopened, closed = moments
    kind = random.randrange(4)
    return {
        "opened_at": opened,
        "first_closed_at": first if kind in (1, 2) else None,
        "reopened_at": reopened if kind == 2 else None,
        "closed_at": closed if kind and random.random() < 0.8 else None,
        "resolved": random.choice([None, True, False]),
        "first_contact_solved": random.choice([None, True, True, False]),
        "handling_minutes": random.choice([None, 5, 7, Fraction(1, 2)]),
    }  # fmt: skip


def expected(tickets, everything, start, end, zone, window):
    """[value or reason, numerator, denominator, n, unit] of each metric and variant."""
    local = lambda moment: moment.astimezone(zone).date()  # noqa: E731
    last = end - timedelta(1)
    known = any(local(ticket["opened_at"]) <= last for ticket in everything)
    opened = [t for t in tickets if start <= local(t["opened_at"]) <= last]
    closed = [t for t in tickets if t["closed_at"] and start <= local(t["closed_at"]) <= last]
    still = [
        t for t in tickets
        if local(t["opened_at"]) <= last and (t["closed_at"] is None or local(t["closed_at"]) > last)
    ]  # fmt: skip
    counts = zip(CODES[:3], (opened, closed, still), strict=False)
    found = {(code, "default"): [str(len(rows)), None, None, len(rows), "count"] for code, rows in counts}
    hours = [Fraction((t["closed_at"] - t["opened_at"]) // timedelta(minutes=15), 4) for t in closed]
    minutes = [Fraction(t["handling_minutes"]) for t in closed if t["handling_minutes"] is not None]
    for variant, sample, unit in (("elapsed", sorted(hours), "hours"), ("handling", sorted(minutes), "minutes")):
        found |= times(variant, sample, unit)
    return found | first_contact(closed, window) if known else dict.fromkeys(found | first_contact([], 1))


def times(variant, sample, unit):
    n = len(sample)
    if not n:
        empty = ["zero_denominator", None, None, 0, unit]
        return {
            ("average_ticket_time", variant): ["zero_denominator", "0", "0", 0, unit],
            ("median_ticket_time", variant): empty,
            ("p90_ticket_time", variant): empty,
        }
    middle = (sample[(n - 1) // 2] + sample[n // 2]) / 2
    rank = sample[ceil(Fraction(9 * n, 10)) - 1]
    total = sum(sample)
    return {
        ("average_ticket_time", variant): [plain(total / n), plain(total), str(n), n, unit],
        ("median_ticket_time", variant): [plain(middle), None, None, n, unit],
        ("p90_ticket_time", variant): [plain(rank), None, None, n, unit],
    }


def first_contact(closed, window):
    resolved = [t for t in closed if t["resolved"] is not False]
    solved = [t for t in resolved if t["first_contact_solved"] and not reopened_soon(t, window)]
    found = {}
    for variant, base in (("all_closed", closed), ("resolved_only", resolved)):
        sides = [str(len(solved)), str(len(base)), len(base)]
        value = plain(Fraction(len(solved), len(base))) if base else "zero_denominator"
        found["first_contact_resolution", variant] = [value, *sides, "ratio"]
        if closed and all(t["first_contact_solved"] is None for t in closed):
            found["first_contact_resolution", variant] = ["no_data", None, None, 0, "ratio"]
    return found


def reopened_soon(ticket, window):
    if ticket["reopened_at"] is None:
        return False
    return ticket["reopened_at"] - ticket["first_closed_at"] <= timedelta(days=window)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_database_counts_as_plain_python_does(seed):
    random = Random(seed)
    zone, window = random.choice(ZONES), random.choice([1, 7])
    set_workspace(time_zone=zone, reopen_window_days=window)
    tickets = {name: [random_ticket(random) for _ in range(random.randrange(14))] for name in ("A", "B", "test")}
    for name, rows in tickets.items():
        customer = make_customer(external_id=name, is_test=name == "test", segment="south" if name == "A" else "")
        for row in rows:
            minutes = row["handling_minutes"]
            make_ticket(customer, row["opened_at"], **{
                **{key: value for key, value in row.items() if value is not None and key != "opened_at"},
                "handling_minutes": None if minutes is None else float(minutes),
            })  # fmt: skip
    everything = [ticket for rows in tickets.values() for ticket in rows]
    for _ in range(4):
        start = date(2025, 3, 1) + timedelta(random.randrange(50))
        end = start + timedelta(random.choice([1, 2, 10, 31]))
        asked = {
            "portfolio": ({}, tickets["A"] + tickets["B"]),
            "segment": ({"level": "segment", "subjects": ["south"]}, tickets["A"]),
            "customer": ({"level": "customer", "subjects": ["test"]}, tickets["test"]),
        }
        for question, rows in asked.values():
            wanted = expected(rows, everything, start, end, ZoneInfo(zone), window)
            found = readings(f"{start}..{end}", **question)
            assert {key: value and found[key] for key, value in wanted.items()} == wanted
