"""The onboarding metrics against plain Python, step by step, on small random worlds."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from random import Random
from zoneinfo import ZoneInfo

import pytest

from cs_portal.metrics.exact import plain
from tests.accounts.onboarding.test_onboarding_metrics import shape
from tests.factories.accounts import make_customer, make_user_group
from tests.factories.asking import ask
from tests.factories.facts import make_step, make_subscription, set_workspace

pytestmark = pytest.mark.django_db
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(1, 60))]
FIRST = date(2025, 3, 1)
CODES = ("onboarding_score", "activated", "activation_rate", "time_to_activation", "stuck_steps")


def some_day(random, empty=0.3):
    return None if random.random() < empty else FIRST + timedelta(random.randrange(60))


class World:
    """Customers with subscriptions, groups and steps; each answer is found by looking at every step."""

    def __init__(self, random):
        self.zone, self.after = random.choice(["Europe/Berlin", "America/New_York"]), random.choice([1, 7, 14])
        set_workspace(time_zone=self.zone, stuck_after_days=self.after)
        self.customers = [self.customer(random, name) for name in ("A", "B", "C", "test")]

    def customer(self, random, name):
        start = some_day(random, 0.5)
        row = make_customer(
            external_id=name, segment="" if name == "C" else "south", is_test=name == "test", onboarding_start=start
        )
        group = make_user_group(row, external_id=f"G{name}")
        spans = []
        for _ in range(random.randrange(3)):
            begins, ends = some_day(random, 0), some_day(random, 0.5)
            ends = ends and max(begins, ends)
            make_subscription(row, str(begins), ends and str(ends), random.choice([0, 5]))
            spans.append((begins, ends))
        steps = [self.step(random, row, group, number) for number in range(random.randrange(7))]
        return {"name": name, "start": start, "spans": spans, "steps": steps, "test": name == "test"}

    def step(self, random, customer, group, number):
        moment = datetime(2025, 3, 1, tzinfo=ZoneInfo("UTC")) + timedelta(minutes=30 * random.randrange(48 * 60))
        step = {
            "at": moment if random.random() < 0.7 else None, "due_on": some_day(random, 0.5),
            "weight": random.choice([1, 2, 5]), "is_key": random.random() < 0.4, "group": random.random() < 0.4,
            "position": number // 2 if number % 2 else number, "id": f"{random.random()}",
        }  # fmt: skip
        step["position"] = number if not step["group"] else number // 2 * 2
        taken = customer.onboarding_steps.filter(user_group=group if step["group"] else None)
        step["position"] += 100 * taken.filter(position=step["position"]).exists()
        fields = {key: step[key] for key in ("due_on", "weight", "is_key")}
        made = make_step(
            customer, f"s{number}", step["position"], user_group=group if step["group"] else None,
            external_id=step["id"], achieved_at=step["at"], **fields,
        )  # fmt: skip
        assert made.pk
        return step

    def local(self, moment):
        return moment.astimezone(ZoneInfo(self.zone)).date() if moment else date.max

    def facts(self, customer, start, end, as_of, steps):
        """What is true of these steps of the customer on the last day."""
        last = end - timedelta(1)
        spans = [span for span in customer["spans"] if span[0] <= as_of]
        begun = customer["start"] or min((begins for begins, _ends in spans), default=None)
        done = [step for step in steps if self.local(step["at"]) <= last]
        todo = sorted((s for s in steps if s not in done), key=lambda s: (s["position"], s["id"]))
        known = [self.local(step["at"]) for step in done] + ([begun] if begun else [])
        waits = todo and todo[0]["due_on"] is None and known and (last - max(known)).days > self.after
        keys = [step for step in steps if step["is_key"]]
        return {
            "n": len(steps), "weight": sum(s["weight"] for s in steps), "done": sum(s["weight"] for s in done),
            "keys": len(keys), "active": keys and all(step in done for step in keys),
            "active_now": keys and all(self.local(step["at"]) <= as_of for step in keys),
            "days": max(0, (max(self.local(s["at"]) for s in keys) - begun).days)
            if begun and keys and max(self.local(s["at"]) for s in keys) < date.max else None,
            "stuck": sum(s["due_on"] is not None and s["due_on"] < last for s in todo) + bool(waits),
            "cohort": begun is not None and start <= begun < end,
            "live": not spans or any(b <= last and (e is None or last < e) for b, e in spans),
        }  # fmt: skip


def alone(facts):
    """At a customer or group."""
    none = {"onboarding_score": ["no_data", 0], "stuck_steps": ["no_data", 0]}
    hidden = ["not_applicable", None]
    found = {"activated": hidden, "time_to_activation": hidden}
    if not facts["n"]:
        return {**none, **found}
    n = facts["n"]
    if facts["keys"]:
        found["activated"] = [str(int(bool(facts["active"]))), n]
    if facts["active"]:
        found["time_to_activation"] = ["no_data", 0] if facts["days"] is None else [str(facts["days"]), n]
    score = plain(Fraction(100 * facts["done"], facts["weight"]))
    return {**found, "onboarding_score": [score, n], "stuck_steps": [str(facts["stuck"]), n]}


def together(everybody):
    """At the portfolio or a segment."""
    everybody = [facts for facts in everybody if facts["n"]]
    cohort = [facts for facts in everybody if facts["cohort"]]
    live = [facts for facts in everybody if facts["live"]]
    times = [facts["days"] for facts in cohort if facts["active_now"]]
    found = {code: ["no_data", 0] for code in CODES if code != "activated"}
    if cohort:
        scores = [Fraction(100 * facts["done"], facts["weight"]) for facts in cohort]
        found["onboarding_score"] = [plain(sum(scores) / len(scores)), len(cohort)]
        with_key = sum(bool(facts["keys"]) for facts in cohort)
        rate = plain(Fraction(len(times), with_key)) if with_key else "zero_denominator"
        found["activation_rate"] = [rate, len(cohort)]
    if times:
        found["time_to_activation"] = [plain(Fraction(sum(times), len(times))), len(times)]
    if live:
        found["stuck_steps"] = [str(sum(facts["stuck"] for facts in live)), len(live)]
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_the_database_counts_as_plain_python_does(seed):
    random = Random(seed)
    world = World(random)
    for _ in range(3):
        start = FIRST + timedelta(random.randrange(40))
        end = start + timedelta(random.choice([1, 10, 31]))
        as_of = end - timedelta(1) + timedelta(random.choice([0, 20]))

        def facts(customer, steps, start=start, end=end, as_of=as_of):
            return world.facts(customer, start, end, as_of, steps)

        whole = {c["name"]: facts(c, c["steps"]) for c in world.customers}
        shown = {name: fact for name, fact in whole.items() if name != "test"}
        wanted = {
            ("portfolio", None): together(shown.values()),
            ("segment", "south"): together(fact for name, fact in shown.items() if name != "C"),
            **{("customer", name): alone(fact) for name, fact in whole.items()},
            **{
                ("user_group", f"G{c['name']}"): alone(facts(c, [s for s in c["steps"] if s["group"]]))
                for c in world.customers
            },
        }
        for (level, subject), codes in wanted.items():
            where = {"level": level, "as_of": as_of} | ({"subjects": [subject]} if subject else {})
            found = {}
            for code in codes:
                (reading,) = ask(code, f"{start}..{end}", **where)
                found[code] = [shape(reading)[0], reading["n"]]
            assert found == codes, (level, subject, start, end, as_of)
