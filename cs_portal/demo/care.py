"""What the demo company's customers ask the support, and how they found their way in."""

from datetime import date, datetime, time, timedelta
from random import Random

from cs_portal.demo.company import AHEAD, BEHIND, CHURNED, SILENT, Company24, contact_id

STEPS = (
    ("connect_api", ("Schnittstelle verbunden", "Interface connected"), 3, True, 10),
    ("import_data", ("Daten übernommen", "Data imported"), 2, True, 20),
    ("invite_team", ("Team eingeladen", "Team invited"), 1, False, 30),
    ("train_users", ("Anwender geschult", "Users trained"), 2, False, None),
    ("first_report", ("Erster Bericht", "First report"), 4, True, 45),
)


def in_onboarding(one: Company24) -> bool:
    """The youngest customers are still on their way in."""
    return (one.anchor - one.start).days < 600 and one.number % 7 == 6


def onboarding_start(one: Company24) -> date:
    return one.anchor - timedelta(days=25 + 37 * one.number % 200) if in_onboarding(one) else one.start


def take_steps(one: Company24) -> None:
    """One after the other; the youngest stand before the next."""
    random, start = Random(f"steps {one.id}"), onboarding_start(one)
    pace = 0.6 if one.is_(AHEAD) else 1.6 if one.is_(BEHIND) else 1.0
    side, done = 0 if one.language == "de" else 1, start
    for position, (step, names, weight, is_key, due) in enumerate(STEPS, 1):
        done += timedelta(days=round(pace * random.randint(4, 16)))
        is_open = done >= one.anchor or (in_onboarding(one) and position > 2 + one.number % 3)
        one.add(
            "onboarding_steps.csv",
            external_id=f"{one.id}-s{position}",
            customer=one.id,
            step=step,
            name=names[side],
            position=position,
            weight=weight,
            is_key="true" if is_key else "false",
            due_on=start + timedelta(days=due) if due else "",
            achieved_at="" if is_open else f"{done}T14:00",
        )


def ask_support(one: Company24) -> None:
    """More where little goes well; most are solved within a day or two."""
    random = Random(f"tickets {one.id}")
    often = 0 if one.is_(SILENT) else 5 if one.is_(BEHIND) or one.is_(CHURNED) else 2
    span = (one.anchor - one.start).days
    for number in range(often * span // 60):
        opened = datetime.combine(one.start + timedelta(days=random.randrange(span)), time(8 + random.randrange(9), 20))
        _ticket(one, number, opened, random)


def _ticket(one: Company24, number: int, opened: datetime, random: Random) -> None:
    closed = opened + timedelta(hours=round(random.lognormvariate(2.2, 1.1), 1))
    at_once, again = random.random() < 0.55, random.random() < 0.1
    first = closed - timedelta(minutes=20) if again else None
    is_open = closed.date() >= one.anchor or random.random() < 0.01
    one.add(
        "tickets.csv",
        external_id=f"{one.id}-t{number}",
        customer=one.id,
        contact=contact_id(one.id, 1 + random.randrange(6)),
        opened_at=opened.isoformat(),
        first_closed_at=max(first, opened).isoformat() if first and not is_open else "",
        reopened_at=(closed - timedelta(minutes=5)).isoformat() if first and not is_open else "",
        closed_at="" if is_open else closed.isoformat(),
        resolved="" if is_open else "false" if random.random() < 0.05 else "true",
        first_contact_solved="" if is_open else "true" if at_once else "false",
        handling_minutes="" if is_open else random.choice((5, 10, 15, 20, 35, 60, 120)),
        channel=random.choice(("email", "phone", "chat")),
        priority=random.choice(("normal", "normal", "high")),
    )
