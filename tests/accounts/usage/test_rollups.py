"""Roll-ups say what a reckoning event by event says, whatever was loaded in whatever order."""

import random
from datetime import date

import pytest

from accounts.jobs.models import Job
from accounts.jobs.services import do
from accounts.usage.models import FeatureDay, UserDay
from accounts.usage.services import KIND
from accounts.workspace import change_settings
from tests.accounts.usage.reference import Event, user_days
from tests.accounts.usage.worlds import CUSTOMER_OF, daily_file, events_file, moved, random_daily, random_event
from tests.factories.accounts import make_customer, make_user
from tests.factories.usage import make_end_user

pytestmark = pytest.mark.django_db
EVER = date(2200, 1, 1)


@pytest.fixture(autouse=True)
def _users(db):
    customers = {name: make_customer(external_id=name) for name in ("C1", "C2", "C3", "C4")}
    for user, customer in CUSTOMER_OF.items():
        make_end_user(customers[customer], external_id=user)


def rolled():
    days, features = UserDay.objects.select_related("end_user"), FeatureDay.objects.select_related("end_user")
    found = {
        (d.end_user.external_id, d.day): (
            d.events, d.sessions, d.duration_seconds, d.gap_seconds + d.next_gap_seconds, {}
        )
        for d in days
    }  # fmt: skip
    for f in features:
        found[f.end_user.external_id, f.day][-1][f.feature] = f.events
    return found


def reckoned(events, daily, zone="Europe/Berlin", gap=30):
    days = user_days(events, daily, zone=zone, gap=gap, as_of=EVER)
    return {key: (d.events, d.sessions, d.duration, d.gaps, dict(d.features)) for key, d in days.items()}


@pytest.mark.parametrize("seed", range(3))
def test_late_moved_and_replaced_rows_are_rolled_up_as_if_all_had_come_at_once(load, seed):
    dice = random.Random(seed)
    events: dict[str, Event] = {}
    daily = {}
    for batch in range(4):
        fresh = [random_event(dice, f"{batch}-{number}") for number in range(25)]
        again = [moved(dice, event) for event in dice.sample([*events.values()], min(len(events), 8))]
        rows = {(r.customer, r.user, r.day, r.feature): r for r in (random_daily(dice) for _ in range(8))}
        loaded = load(usage_events=events_file([*fresh, *again]), usage_daily=daily_file(rows.values()))
        assert loaded.err == []
        events |= {event.key: event for event in (*fresh, *again)}
        daily |= rows
        assert rolled() == reckoned(events.values(), daily.values())


def test_another_zone_or_session_gap_rolls_everything_up_anew_as_a_job(load):
    dice = random.Random(7)
    events, daily = [random_event(dice, f"e{number}") for number in range(60)], [random_daily(dice)]
    load(usage_events=events_file(events), usage_daily=daily_file(daily))
    admin = make_user("admin")
    change_settings({"min_n": "7"}, by=admin)
    assert not Job.objects.filter(kind=KIND).exists()
    change_settings({"time_zone": "America/New_York", "session_gap_minutes": "10"}, by=admin)
    job = Job.objects.get(kind=KIND)
    assert do(job.pk)
    assert rolled() == reckoned(events, daily, "America/New_York", 10)
    job.refresh_from_db()
    assert (job.state, job.outcome, job.started_by) == ("done", {"users": 5}, admin)


def test_a_rejected_event_leaves_no_trace_in_the_roll_ups(load):
    good = events_file([random_event(random.Random(1), "a")])
    load(usage_events=good + "\nb,C1,u1,open,2025-04-07T10:00,,-1\nc,C2,u1,open,2025-04-07T10:00,,")
    assert (UserDay.objects.count(), FeatureDay.objects.count()) == (1, 1)
