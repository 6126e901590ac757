"""Small random companies, as rows and as plain values, full of days and amounts that meet."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from accounts.models import Customer
from accounts.revenue.models import ChurnRecord, Cost, ExchangeRate, Subscription
from cs_portal.metrics.movements import CHURN_REASONS

DAY = timedelta(1)
ARCHIVED_AT = datetime(2025, 1, 1, tzinfo=ZoneInfo("Europe/Berlin"))
AMOUNTS = [Decimal(text) for text in ("0", "50", "100", "100", "100.5", "0.3333333333")]
CHANGES = ["", "upsell", "cross_sell", "addon", "downgrade"]
STARTS = [date(2024, 1, 1), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2024, 2, 1), date(2025, 1, 1)]
ENDS = [31, 29, 1, 2, 28, 60, 90, 366]


@dataclass(frozen=True)
class Row:
    """A subscription, churn record or cost; what does not belong to its kind stays empty."""

    external_id: str
    customer: str | None
    start: date
    end: date | None = None
    amount: Decimal = Decimal(0)
    currency: str = "EUR"
    kind: str = ""
    is_trial: bool = False
    reason: str = ""
    channel: str = ""
    archived: bool = False


@dataclass
class World:
    start: date
    end: date
    as_of: date
    customers: dict[str, dict[str, object]] = field(default_factory=dict)
    subscriptions: list[Row] = field(default_factory=list)
    records: list[Row] = field(default_factory=list)
    costs: list[Row] = field(default_factory=list)
    rates: list[tuple[str, date, Decimal]] = field(default_factory=list)


def random_world(seed: int) -> World:
    random = Random(seed)
    start = random.choice(STARTS)
    end = random.choice([start + timedelta(random.choice(ENDS)), *(d for d in STARTS if d > start)])
    world = World(start, end, end - DAY + timedelta(random.choice([0, 0, 10, 40, 200])))
    meeting = {start, start - DAY, end, end - DAY, start + (end - start) / 2}
    windows = {day + timedelta(30 + more) for day in (start, end - DAY) for more in (0, 1)}  # of trials
    days = sorted({*meeting, *windows, *_around(random, start, end)})
    for number in range(random.choice([0, 3, 5, 6, 7])):
        world.customers[f"C{number}"] = {
            "segment": random.choice(["", "a", "b"]), "acquisition_channel": random.choice(["", "web", "fair"]),
            "is_test": random.random() < 0.15,
        }  # fmt: skip
    names = list(world.customers)
    for number in range(random.randint(2 * len(names), 5 * len(names))):
        world.subscriptions.append(_subscription(random, f"S{number}", random.choice(names), days))
    for number in range(random.randint(0, 4 * len(names))):
        kind = random.choice(CHURN_REASONS)
        day = random.choice([start, end - DAY, start - DAY, random.choice(days)])
        world.records.append(
            Row(
                f"{random.choice('aBä')}{number}",
                random.choice(names),
                day,
                reason=kind,
                archived=random.random() < 0.3,
            )
        )
    for number in range(random.randint(0, 8)):
        owner = random.choice([None, *names])
        world.costs.append(_cost(random, f"E{number}", owner, days))
    for currency in ("USD", "CHF"):
        for day in random.sample(days, random.choice([0, 1, 2, 2])):
            world.rates.append((currency, day, random.choice([Decimal("0.9"), Decimal("1.1234567891")])))
    return world


def _around(random: Random, start: date, end: date) -> Iterable[date]:
    spans = [(start - timedelta(400), start), (start, end), (start - timedelta(95), end + timedelta(60))]
    for first, last in spans:
        yield from (first + timedelta(random.randrange((last - first).days + 1)) for _n in range(2))


def _seldom(random: Random) -> bool:
    return random.random() < 0.1


def _subscription(random: Random, external_id: str, customer: str, days: list[date]) -> Row:
    begun = [day for day in days if day < days[len(days) // 2]]
    start, end = sorted((random.choice(random.choice([begun, days])), random.choice(days)))
    return Row(
        external_id, customer, start, random.choice([None, end, end]), random.choice(AMOUNTS),
        random.choices(["EUR", "USD", "CHF"], [8, 3, 1])[0], random.choice(["base", "base", "addon"]),
        random.random() < 0.25, random.choice(CHANGES), archived=_seldom(random),
    )  # fmt: skip


def _cost(random: Random, external_id: str, owner: str | None, days: list[date]) -> Row:
    kind = random.choice(["acquisition", "acquisition", "retention", "serving"])
    return Row(
        external_id, owner, random.choice(days), None, random.choice(AMOUNTS), random.choice(["EUR", "EUR", "USD"]),
        kind, channel=random.choice(["", "web", "fair", "ads"]), archived=_seldom(random),
    )  # fmt: skip


def stored(world: World) -> None:
    """The same as rows; a world before it is taken away."""
    for model in (Subscription, ChurnRecord, Cost):
        model.everything.all().delete()
    ExchangeRate.objects.all().delete()
    Customer.objects.all().delete()
    made = Customer.objects.bulk_create(
        Customer(external_id=name, name=name, **fields) for name, fields in world.customers.items()
    )
    owners: dict[str | None, Customer | None] = {None: None, **{customer.external_id: customer for customer in made}}
    Subscription.objects.bulk_create(
        Subscription(
            external_id=r.external_id, customer=owners[r.customer], start_date=r.start, end_date=r.end, mrr=r.amount,
            currency=r.currency, kind=r.kind, is_trial=r.is_trial, change_reason=r.reason, archived_at=_mark(r),
        ) for r in world.subscriptions
    )  # fmt: skip
    ChurnRecord.objects.bulk_create(
        ChurnRecord(
            external_id=r.external_id, customer=owners[r.customer], date=r.start, reason=r.reason, archived_at=_mark(r)
        )
        for r in world.records
    )
    Cost.objects.bulk_create(
        Cost(
            external_id=r.external_id, customer=owners[r.customer], date=r.start, category=r.kind, amount=r.amount,
            currency=r.currency, channel=r.channel, archived_at=_mark(r),
        ) for r in world.costs
    )  # fmt: skip
    ExchangeRate.objects.bulk_create(
        ExchangeRate(currency=c, valid_from=day, rate=rate) for c, day, rate in world.rates
    )


def _mark(row: Row) -> datetime | None:
    return ARCHIVED_AT if row.archived else None
