"""Costs without a customer and exchange rates: forms, lists, what is missing, and the same through the interface."""

import json
from datetime import date

import pytest
from django.urls import reverse

from accounts.audit.models import AuditEntry
from accounts.audit.words import sentence
from accounts.models import Role
from accounts.revenue.currencies import currencies_in_use
from accounts.revenue.models import Cost, ExchangeRate
from accounts.revenue.queries import MissingRate, missing_rates
from tests.factories.accounts import make_customer, make_user
from tests.factories.facts import make_indicator, make_rate, make_subscription
from tests.factories.records import make_record
from tests.factories.rest import JSON

pytestmark = pytest.mark.django_db
KEY = "7b1c1c1e-6a55-4d7f-9d55-0c1d7b1c1c1e"
COST = {"date": "2026-03-01", "category": "acquisition", "amount": "1,400.50", "currency": "EUR", "channel": "fair"}
RATE = {"currency": "USD", "valid_from": "2026-01-01", "rate": "0.92"}
FORMS = {"costs": (Cost, COST, {"amount": "90"}), "exchange-rates": (ExchangeRate, RATE, {"rate": "0.93"})}
LISTS = {"costs": "money:costs", "exchange-rates": "money:rates"}


@pytest.fixture
def analyst(client):
    client.force_login(user := make_user(Role.ANALYST))
    return user


def address(name, slug, row=None):
    return reverse(f"money:{name}", args=[slug, *([row.public_id] if row else [])])


@pytest.mark.parametrize("slug", FORMS)
def test_both_are_added_once_changed_archived_and_brought_back(client, analyst, slug):
    model, data, change = FORMS[slug]
    for _twice in range(2):
        answer = client.post(address("new", slug), {**data, "key": KEY})
        assert (answer.status_code, answer.url) == (302, reverse(LISTS[slug]))
    row = model.objects.get()
    assert client.post(address("edit", slug, row), {**data, **change}).status_code == 302
    row.refresh_from_db()
    assert [f"{getattr(row, name).normalize():f}" for name in change] == [*change.values()]
    told = client.get(address("edit", slug, row)).content.decode()
    assert f"changed: {'Cost' if model is Cost else 'Exchange rate'}" in told
    page = client.post(address("archive", slug, row), follow=True).content.decode()
    assert (address("restore", slug, row) in page, model.objects.count()) == (True, 0)
    assert address("edit", slug, row) in client.get(reverse(LISTS[slug]) + "?state=archived").content.decode()
    assert client.post(address("edit", slug, row), data).status_code == 422
    assert client.post(address("restore", slug, row)).status_code == 302
    assert model.objects.get() == row
    entries = AuditEntry.objects.order_by("pk")
    assert [entry.verb for entry in entries] == [
        f"record.{done}" for done in ("added", "changed", "archived", "restored")
    ]
    assert sentence(entries[0], "Ada") == f"Ada added: {'Cost' if model is Cost else 'Exchange rate'}"


def test_what_a_file_would_refuse_is_refused_at_the_field(client, analyst):
    make_rate("GBP", "2026-01-01", "1.2")
    client.post(address("archive", "exchange-rates", ExchangeRate.objects.get()))
    wrong = [
        ("exchange-rates", {"rate": "0"}, "rate"),
        ("exchange-rates", {"rate": "NaN"}, "rate"),
        ("exchange-rates", {"rate": "1" * 19}, "rate"),
        ("exchange-rates", {"currency": "EUR"}, "rate"),  # the reporting currency's is 1
        ("exchange-rates", {"currency": "ABC"}, "currency"),
        ("exchange-rates", {"currency": "GBP"}, "valid_from"),  # taken, though by an archived one
        ("exchange-rates", {"valid_from": "2026-02-30"}, "valid_from"),
        ("costs", {"amount": "-1"}, "amount"),
        ("costs", {"category": "gifts"}, "category"),
        ("costs", {"channel": "a\x00b"}, "channel"),
    ]
    for slug, change, field in wrong:
        answer = client.post(address("new", slug), FORMS[slug][1] | change)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field]), (slug, change)
    assert (Cost.everything.count(), ExchangeRate.objects.count()) == (0, 0)


def test_a_rate_counts_from_its_day_on_and_an_archived_one_does_not(client, analyst):
    customer = make_customer()
    make_subscription(customer, "2026-01-01", None, 100, currency="USD")
    page = reverse("api-metrics") + f"?code=mrr&level=customer&subject={customer.external_id}&period=2026-02"

    def mrr():
        return {name: client.get(page).json()["results"][0][name] for name in ("value", "reason")}

    assert mrr() == {"value": None, "reason": "mixed_currency"}
    client.post(address("new", "exchange-rates"), RATE)
    assert mrr() == {"value": "92", "reason": None}
    client.post(address("archive", "exchange-rates", ExchangeRate.objects.get()))
    assert mrr()["reason"] == "mixed_currency"


def test_currencies_in_use_without_a_rate_are_named_with_a_way_to_mend_it(client, analyst):
    make_subscription(make_customer(), "2026-01-01", None, 100, currency="USD")
    make_subscription(make_customer(), "2026-01-01", None, 0, currency="SEK")  # nothing to convert
    make_subscription(make_customer(is_test=True), "2026-01-01", None, 5, currency="NOK")  # in no figure
    make_record("costs", None, currency="GBP", date=date(2026, 1, 5))
    make_record("costs", None, currency="EUR")
    make_indicator(
        value_kind="one_off", value_factor_expected=1, value_currency="CHF", agreed_on=date(2026, 1, 7),
        valid_from=date(2026, 1, 7),
    )  # fmt: skip
    make_rate("USD", "2025-06-01", "0.9")
    make_rate("CHF", "2026-03-01", "1.1")
    missing = [
        MissingRate("CHF", date(2026, 1, 7), date(2026, 3, 1)),
        MissingRate("GBP", date(2026, 1, 5), None),
    ]
    assert missing_rates(currencies_in_use(), "EUR") == missing
    for page in LISTS.values():
        text = client.get(reverse(page)).content.decode()
        mending = f"{address('new', 'exchange-rates')}?currency=GBP&amp;valid_from=2026-01-05"
        assert mending in text
    form = client.get(mending.replace("&amp;", "&")).content.decode()
    assert 'value="GBP" selected' in form
    assert 'value="2026-01-05"' in form


@pytest.mark.parametrize("rows", [1, 30])
def test_the_lists_ask_the_same_however_many_rows(client, analyst, django_assert_max_num_queries, rows):
    for number in range(rows):
        make_record("costs", None)
        make_rate("USD", f"{1990 + number}-01-01", "0.9")
    for page in LISTS.values():
        with django_assert_max_num_queries(17):
            assert client.get(reverse(page)).status_code == 200
    assert len(client.get(reverse("money:rates_csv")).content.decode().splitlines()) == rows + 1


def test_the_interface_keeps_costs_of_no_customer_with_those_who_keep_the_numbers(client, analyst):
    body = {**COST, "amount": "5", "customer": None}
    made = client.post(reverse("api-cost-list"), json.dumps(body), content_type=JSON)
    assert (made.status_code, made.json()["customer"]) == (201, None)
    assert Cost.objects.get().customer is None
    of_a_customer = {**body, "customer": str(make_customer().public_id)}
    assert client.post(reverse("api-cost-list"), json.dumps(of_a_customer), content_type=JSON).status_code == 403
    row = reverse("api-cost-detail", args=[made.json()["id"]])
    found = {}
    for role in (Role.ADMIN, Role.LEAD, Role.ANALYST, Role.CSM, Role.VIEWER):
        client.force_login(make_user(role))
        listed = len(client.get(reverse("api-cost-list")).json()["results"])
        change = client.patch(row, json.dumps({"channel": role}), content_type=JSON).status_code
        anew = client.post(reverse("api-cost-list"), json.dumps(body), content_type=JSON).status_code
        Cost.objects.exclude(external_id=made.json()["external_id"]).delete()
        found[role] = (listed, change, anew)
    keeper = (1, 200, 201)
    assert found == {"admin": keeper, "lead": keeper, "analyst": keeper, "csm": (0, 404, 403), "viewer": (0, 403, 403)}
