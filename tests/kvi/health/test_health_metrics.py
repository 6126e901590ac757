"""Section 10 of metrics.md through real rows."""

import random as chance
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from accounts.usage.models import UsageDaily, UsageEvent
from accounts.usage.services import roll_up
from cs_portal.metrics.exact import plain
from kvi.health.services import HealthError, store_health
from tests.factories.accounts import make_contact, make_customer
from tests.factories.asking import ask, ask_one, value_of
from tests.factories.facts import make_response, make_subscription, make_survey, make_ticket, set_workspace
from tests.factories.usage import make_end_user

pytestmark = pytest.mark.django_db
MONTH = "2025-01"
E = date(2025, 1, 31)
X = {"level": "customer", "subjects": ["X"]}
BILLS = {"name": "bills", "metric": "billing_overdue_days", "window": 1, "curve": [[0, 100], [100, 0]]}
TICKETS = {"name": "tickets", "metric": "tickets_opened", "window": 30, "curve": [[0, 100], [10, 0]]}
NPS = {"name": "nps", "metric": "nps", "variant": "all_answers", "window": 90, "curve": [[-100, 0], [100, 120]]}


def use(*inputs, valid_from="2024-01-01"):
    """A model of these inputs, each with its weight."""
    items = [{**item, "weight": weight, "cap": 120} for item, weight in inputs]
    return store_health(models=[{"valid_from": valid_from, "inputs": items}], by=None)


def bill(days, as_of="2025-01-31", **fields):
    return make_customer(billing_overdue_days=days, billing_as_of=date.fromisoformat(as_of), **fields)


def override(customer, score, first="2025-01-31", last="2025-02-01"):
    row = {"customer": customer, "score": score, "reason": "they called", "valid_from": first, "expires": last}
    store_health(overrides=[row], by=None)


def shape(reading):
    return [reading["value"] or reading["reason"], reading["n"]]


def health(period=MONTH, code="health_score", variant="weighted", **where):
    return shape(ask_one(code, period, variant=variant, **(where or X)))


def test_the_shipped_model_needs_half_of_its_weight(db):
    customer = bill(7, external_id="X")
    make_ticket(customer, "2024-06-01")
    assert health() == ["no_data", 0]
    assert health(code="health_coverage", variant=None) == ["0.3", 1]
    for _ in range(4):
        make_end_user(customer)
    assert health() == ["91", 2]  # (100 × 20 + 85 × 30) ÷ 50
    set_workspace(health_min_coverage="0.51")
    assert health() == ["no_data", 0]
    assert [shape(r)[0] for r in ask("health_contribution", MONTH, **X)] == ["no_data"] * 4
    customer.billing_overdue_days = None
    customer.save()
    customer.end_users.update(is_licensed=False)
    set_workspace(health_min_coverage=0)
    assert health() == ["zero_denominator", 0]
    assert [health(variant=variant) for variant in ("effective", "action_points")] == [
        ["zero_denominator", 0], ["not_applicable", None],
    ]  # fmt: skip


def test_h1_with_the_shipped_model(db):
    customer = bill(7, external_id="X")
    users = [make_end_user(customer) for _ in range(20)]
    survey = make_survey()
    for score in [10] * 5 + [8] * 3 + [0] * 2:
        make_response(survey, score, "2024-08-05", contact=make_contact(customer))
    for _ in range(5):
        make_ticket(customer, "2024-11-03")
    for user in users[:13]:
        for day in (4, 5, 30, 31):
            daily(customer, user, date(2025, 1, day), "report", 1)
    roll_up([user.pk for user in users])
    shares = {r["metric"]: r["value"] for r in ask("health_contribution", MONTH, **X)}
    assert list(shares.items()) == [
        ("health_contribution:usage", "34"), ("health_contribution:billing", "25.5"),
        ("health_contribution:tickets", "17.75"), ("health_contribution:nps", "7"),
    ]  # fmt: skip
    assert health() == ["84.25", 4]
    survey.responses.all().delete()
    assert health() == ["85.8333333333", 3]


def test_bills_are_known_for_a_while(db):
    bill(7, "2025-01-26", external_id="X")
    found = [
        value_of("billing_overdue_days", f"{day}..{day + timedelta(1)}", **X)
        for day in (date(2025, 1, 25), date(2025, 1, 26), date(2025, 3, 12), date(2025, 3, 13))
    ]
    assert found == ["(no_data)", "7", "7", "(no_data)"]
    assert shape(ask_one("billing_overdue_days", MONTH, **X)) == ["7", 1]
    bill(0, external_id="Z")
    assert value_of("billing_overdue_days", MONTH, level="customer", subjects=["Z"]) == "0"


def test_the_model_in_force_on_the_last_day_scores_both_ends_of_the_trend(db):
    customer = bill(20, external_id="X")
    for _ in range(5):
        make_ticket(customer, "2025-01-10")
    use((BILLS, 60), (TICKETS, 40))
    assert health() == ["68", 2]  # 80 × 0.6 + 50 × 0.4
    assert [(r["metric"], r["value"], r["n"]) for r in ask("health_contribution", MONTH, **X)] == [
        ("health_contribution:bills", "48", 2), ("health_contribution:tickets", "20", 2),
    ]  # fmt: skip
    assert health(code="health_trend", variant=None) == ["no_data", 0]  # the bills were not known 30 days earlier
    use((TICKETS, 70), (NPS, 30), valid_from="2025-01-31")
    assert health() == ["50", 1]
    assert health("2025-01-01..2025-01-31") == ["no_data", 0]  # the older model: the bills come later
    customer.billing_as_of = date(2024, 12, 31)
    customer.save()
    use((BILLS, 60), (TICKETS, 40), valid_from="2025-01-31")
    assert health(code="health_trend", variant=None) == ["-12", 2]  # 80 before the first ticket
    set_workspace(health_trend_days=10)
    assert health(code="health_trend", variant=None) == ["0", 2]


def test_many_are_the_mean_over_those_who_live_and_segments_are_asked_alike(db):
    use((BILLS, 100))
    for name, days, segment in (("X", 0, "south"), ("Y", 70, "south"), ("Z", 95, "north")):
        make_subscription(bill(days, external_id=name, segment=segment), "2024-01-01", None, days)
    ended = bill(50, external_id="gone")
    make_subscription(ended, "2024-01-01", "2025-01-31", 500)
    make_customer(external_id="nothing known")
    bill(99, external_id="test", is_test=True)
    everywhere = {"level": "portfolio"}
    assert health(**everywhere) == ["45", 3]
    assert health(level="segment", subjects=["south"]) == ["65", 2]
    assert health(level="customer", subjects=["test"]) == ["1", 1]
    assert health(level="customer", subjects=["gone"]) == ["50", 1]
    assert health(customers=[ended.pk]) == ["no_data", 0]
    weighted = ask_one("health_score", MONTH, variant="revenue_weighted")
    assert [weighted[key] for key in ("value", "numerator", "denominator", "n")] == [
        plain(Fraction(2575, 165)), "2575", "165", 2,
    ]  # fmt: skip
    assert [shape(r) for r in ask("health_band_customers", MONTH)] == [
        ["2", 4], ["0", 4], ["1", 4], ["0", 4], ["1", 4],
    ]  # fmt: skip
    assert shape(ask_one("revenue_at_risk", MONTH)) == ["165", 2]
    assert shape(ask_one("revenue_at_risk", MONTH, level="customer", subjects=["X"])) == ["0", 0]
    make_subscription(bill(99), "2024-01-01", None, 1, currency="CHF")
    assert shape(ask_one("revenue_at_risk", MONTH)) == ["mixed_currency", None]
    assert health(variant="revenue_weighted", level="portfolio") == ["mixed_currency", None]


def test_what_somebody_has_set_stands_beside_the_computed_score(db):
    use((BILLS, 100))
    bill(30, external_id="X")
    override("X", 140)
    override("X", 10)
    override("X", 150, "2025-02-01", "2025-02-02")
    assert [health(variant=variant) for variant in ("weighted", "effective")] == [["70", 1], ["10", 1]]
    assert health("2025-01-01..2025-01-31", variant="effective") == ["no_data", 0]  # not yet, and no bills yet
    assert health("2025-02-01..2025-02-02", variant="effective") == ["150", 1]
    bill(0)
    assert [health(variant=v, level="portfolio") for v in ("weighted", "effective")] == [["85", 2], ["55", 2]]
    make_customer(external_id="nothing known")
    override("nothing known", 40)
    assert health(variant="effective", level="customer", subjects=["nothing known"]) == ["40", 0]


def event(user, name, at, **fields):
    number = UsageEvent.objects.count()
    return UsageEvent.objects.create(external_id=f"e{number}", end_user=user, name=name, occurred_at=at, **fields)


def daily(customer, user, on, feature, events):
    return UsageDaily.objects.create(customer=customer, end_user=user, date=on, feature=feature, events=events)


def test_points_for_what_users_did(db):
    customer = make_customer(external_id="X")
    user, other, nobody = make_end_user(customer), make_end_user(customer), make_end_user(customer, is_test=True)
    listed = {"window": 10, "actions": [{"event": "export", "impact": 3, "cap": 20}, {"event": "error", "impact": -2}]}
    store_health(action_points=listed, by=None)
    points = {"variant": "action_points"}
    assert health(**points) == ["no_data", 0]
    event(user, "export", datetime(2025, 1, 31, 22, 59, tzinfo=UTC), feature="reports")
    event(user, "export", datetime(2025, 1, 31, 23, 0, tzinfo=UTC))  # the next day in Berlin
    event(user, "click", datetime(2025, 1, 21, 23, 0, tzinfo=UTC), feature="error")
    event(nobody, "export", datetime(2025, 1, 30, tzinfo=UTC))
    assert health(**points) == ["3", 2]
    daily(customer, user, E, "export", 100)  # there are events on that day
    daily(customer, user, date(2025, 1, 22), "export", 4)  # likewise
    daily(customer, user, date(2025, 1, 23), "export", 4)
    daily(customer, other, E, "export", 2)
    daily(customer, None, date(2025, 1, 22), "export", 5)
    daily(customer, None, date(2025, 1, 21), "export", 50)  # outside of the window
    daily(customer, nobody, E, "export", 50)
    daily(customer, None, E, "error", 6)
    assert health(**points) == ["24", 2]  # 3 × (1 + 4 + 2 + 5) − 2 × 6
    daily(customer, None, E, "export", 90)
    assert health(**points) == ["48", 2]  # not more than 20
    make_customer()
    assert health(**points, level="portfolio") == ["24", 2]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"metric": "no_such"}, "bills: metric: allowed"),
        ({"metric": "arpa"}, "bills: metric: allowed"),
        ({"metric": "health_trend"}, "bills: metric: allowed"),
        ({"variant": "seed"}, "bills: variant: allowed: default"),
        ({"metric": "nps", "variant": "account"}, "bills: variant: allowed: respondent, all_answers"),
        ({"metric": "nps_share"}, "bills: parameter: allowed: promoter"),
        ({"metric": "nps_share", "parameter": "fan"}, "bills: parameter: allowed: promoter"),
        ({"parameter": "fan"}, "bills: parameter: allowed: none"),
    ],
)
def test_a_model_reads_only_metrics_that_customers_have(changes, message):
    with pytest.raises(HealthError, match=message):
        use(({**BILLS, **changes}, 100))


def test_by_hand_on_a_random_world(db):
    """Scores again in plain Python, from the readings that the model names."""
    random = chance.Random(7)
    use((BILLS, "33.5"), (TICKETS, 40), (NPS, "26.5"))
    survey = make_survey()
    for number in range(8):
        known = random.random() < 0.7
        customer = make_customer(
            external_id=f"C{number}", billing_overdue_days=random.randrange(120) if known else None,
            billing_as_of=E - timedelta(random.randrange(60)) if known else None,
        )  # fmt: skip
        for _ in range(random.randrange(13)):
            make_ticket(customer, str(E - timedelta(random.randrange(90))))
        for _ in range(random.randrange(3)):
            contact = make_contact(customer)
            make_response(survey, random.randrange(11), str(E - timedelta(random.randrange(180))), contact=contact)
    windows = {"bills": 1, "tickets": 30, "nps": 90}
    scores = []
    for name in sorted(f"C{number}" for number in range(8)):
        where = {"level": "customer", "subjects": [name]}
        values = {
            item["name"]: value_of(
                item["metric"], f"{E - timedelta(windows[item['name']] - 1)}..2025-02-01",
                variant=item.get("variant"), **where,
            )
            for item in (BILLS, TICKETS, NPS)
        }  # fmt: skip
        scores.append(by_hand(values))
        assert ask_one("health_score", MONTH, **where)["value"] == (scores[-1] and plain(scores[-1]))
    present = [score for score in scores if score is not None]
    assert None in scores
    assert health(level="portfolio") == [plain(sum(present) / len(present)), len(present)]


def by_hand(values):
    weights = {"bills": Fraction("33.5"), "tickets": Fraction(40), "nps": Fraction("26.5")}
    known = {name: Fraction(value) for name, value in values.items() if not value.startswith("(")}
    points = {
        "bills": lambda x: max(Fraction(0), 100 - x),
        "tickets": lambda x: max(Fraction(0), 100 - 10 * x),
        "nps": lambda x: Fraction(3, 5) * (x + 100),
    }
    weight = sum(weights[name] for name in known)
    if weight < 50:
        return None
    return sum(weights[name] * points[name](x) for name, x in known.items()) / weight


@pytest.mark.parametrize("size", [1, 30])
def test_as_many_queries_for_thirty_customers_as_for_one(db, size, django_assert_num_queries):
    for number in range(size):
        make_subscription(bill(number, external_id=f"C{number}"), "2024-01-01", None, 10)
    use((BILLS, 60), (TICKETS, 40))
    set_workspace()
    with django_assert_num_queries(13):
        assert len(ask("health_score", MONTH, variant="all", level="customer")) == 3 * size
    with django_assert_num_queries(14):
        ask("health_score", MONTH, variant="all")
