"""The page of a customer's data: adding, changing, archiving and bringing back whatever has a form."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.audit.models import AuditEntry
from accounts.models import Role
from accounts.onboarding.models import OnboardingStep
from accounts.records.registry import KINDS
from accounts.revenue.models import Subscription
from tests.factories.accounts import act_as_contact, make_contact, make_customer, make_portal_access, make_user
from tests.factories.facts import make_subscription
from tests.factories.records import make_record

pytestmark = pytest.mark.django_db
SUBSCRIPTION = {
    "plan": "Business", "kind": "base", "start_date": "2026-01-01", "end_date": "", "mrr": "1,250.50",
    "currency": "EUR", "seats": "20", "change_reason": "",
}  # fmt: skip
FORMS = {
    "contacts": {"name": "Anna Huber", "email": "anna@huber.example", "is_active": "on"},
    "user-groups": {"name": "Accounting"},
    "end-users": {"is_licensed": "on", "active_from": "2026-01-01"},
    "subscriptions": SUBSCRIPTION,
    "churn-records": {"date": "2026-03-01", "reason": "price"},
    "costs": {"date": "2026-03-01", "category": "serving", "amount": "50", "currency": "EUR"},
    "onboarding-steps": {"step": "import_data", "position": "1", "weight": "2"},
    "tickets": {"opened_at": "2026-03-01T09:00", "closed_at": "2026-03-01T11:00", "resolved": "true"},
}


@pytest.fixture
def customer(client):
    owner = make_user(Role.CSM)
    client.force_login(owner)
    return make_customer(owner=owner)


def address(name, customer, slug, row=None):
    return reverse(f"records:{name}", args=[customer.public_id, slug, *([row.public_id] if row else [])])


@pytest.mark.parametrize("slug", sorted(FORMS))
def test_each_kind_is_added_changed_archived_and_brought_back(client, customer, slug):
    model, data = KINDS[slug].model, reverse("records:data", args=[customer.public_id])
    key = re.search(rb'name="key" value="([^"]*)"', client.get(address("new", customer, slug)).content)[1].decode()
    for _twice in range(2):
        answer = client.post(address("new", customer, slug), {**FORMS[slug], "key": key})
        assert (answer.status_code, answer.url) == (302, f"{data}#{slug}")
    row = model.objects.get(customer=customer)
    page = client.get(address("edit", customer, slug, row)).content.decode()
    assert all(f'name="{name}"' in page for name in KINDS[slug].fields)
    assert client.post(address("edit", customer, slug, row), FORMS[slug]).status_code == 302
    answer = client.post(address("archive", customer, slug, row), follow=True)
    assert (address("restore", customer, slug, row) in answer.content.decode(), model.objects.count()) == (True, 0)
    assert client.post(address("restore", customer, slug, row), follow=True).status_code == 200
    assert model.objects.get() == row
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["record.added", "record.archived", "record.restored"]


def test_a_subscription_is_stored_as_it_was_written(client, customer):
    client.post(address("new", customer, "subscriptions"), SUBSCRIPTION | {"is_trial": "on", "change_reason": "new"})
    row = Subscription.objects.get()
    found = (row.customer, row.plan, row.mrr, row.currency, row.seats, row.is_trial, row.change_reason, row.end_date)
    assert found == (customer, "Business", Decimal("1250.5"), "EUR", 20, True, "new", None)


@pytest.mark.parametrize(
    ("slug", "wrong", "field"),
    [
        ("subscriptions", {"end_date": "2025-12-31"}, "end_date"),
        ("subscriptions", {"mrr": "-1"}, "mrr"),
        ("subscriptions", {"mrr": "NaN"}, "mrr"),
        ("subscriptions", {"mrr": "1" * 19}, "mrr"),
        ("subscriptions", {"start_date": "1969-12-31"}, "start_date"),
        ("subscriptions", {"currency": "XXX1"}, "currency"),
        ("subscriptions", {"seats": "4294967296"}, "seats"),
        ("subscriptions", {"plan": "a\x00b"}, "plan"),
        ("subscriptions", {"plan": "a" * 256}, "plan"),
        ("costs", {"category": "gifts"}, "category"),
        ("contacts", {"email": "nobody"}, "email"),
        ("contacts", {"user_group": "not-an-id"}, "user_group"),
        ("onboarding-steps", {"weight": "0"}, "weight"),
        ("onboarding-steps", {"position": "7"}, "position"),
        ("onboarding-steps", {"step": "taken"}, "step"),
        ("tickets", {"closed_at": "2026-02-28T11:00"}, "closed_at"),
        ("tickets", {"reopened_at": "2026-03-01T10:00"}, "first_closed_at"),
    ],
)
def test_what_the_import_refuses_the_form_refuses_at_the_field(client, customer, slug, wrong, field):
    make_record("onboarding-steps", customer, step="taken", position=7)
    before = KINDS[slug].model.objects.count()
    answer = client.post(address("new", customer, slug), FORMS[slug] | wrong)
    assert (answer.status_code, field in answer.context["form"].errors) == (422, True)
    assert KINDS[slug].model.objects.count() == before


def test_another_customers_group_is_no_choice(client, customer):
    group = make_record("user-groups", make_customer())
    answer = client.post(address("new", customer, "contacts"), FORMS["contacts"] | {"user_group": group.public_id})
    assert list(answer.context["form"].errors) == ["user_group"]


def test_an_archived_subscription_counts_in_no_figure(client, customer):
    row = make_subscription(customer, "2026-01-01", None, 100)
    page = reverse("api-metrics") + f"?code=mrr&level=customer&subject={customer.external_id}&period=2026-01"
    assert client.get(page).json()["results"][0]["value"] == "100"
    client.post(address("archive", customer, "subscriptions", row))
    assert client.get(page).json()["results"][0]["reason"] == "no_data"
    client.post(address("restore", customer, "subscriptions", row))
    assert client.get(page).json()["results"][0]["value"] == "100"


def test_a_place_that_is_taken_by_now_keeps_a_record_archived(client, customer):
    row = make_record("onboarding-steps", customer, step="import_data", position=1)
    client.post(address("archive", customer, "onboarding-steps", row))
    make_record("onboarding-steps", customer, step="import_data", position=2)
    answer = client.post(address("restore", customer, "onboarding-steps", row), follow=True)
    assert "There is a step with this code already." in answer.content.decode()
    assert OnboardingStep.objects.get().position == 2


def test_an_archived_contact_loses_the_portal_until_brought_back(client, customer):
    contact = make_contact(customer)
    access = make_portal_access(contact)
    client.post(address("archive", customer, "contacts", contact))
    act_as_contact(client, access)
    assert client.get(reverse("dashboards:portal_home")).status_code == 404
    client.force_login(customer.owner)
    client.post(address("restore", customer, "contacts", contact))
    act_as_contact(client, access)
    assert client.get(reverse("dashboards:portal_home")).status_code == 200


def test_the_page_asks_as_often_for_one_row_as_for_many(client, customer, django_assert_max_num_queries):
    page = reverse("records:data", args=[customer.public_id])
    client.get(page)
    counts = []
    for rows in (1, 9):
        for _row in range(rows):
            for slug in FORMS:
                make_record(slug, customer)
        with django_assert_max_num_queries(40) as asked:
            assert client.get(page).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_times_are_those_of_the_readers_zone(client, customer):
    customer.owner.time_zone = "Europe/Berlin"
    customer.owner.save()
    client.post(address("new", customer, "tickets"), {"opened_at": "2026-07-01T09:00"})
    row = KINDS["tickets"].model.objects.get()
    assert row.opened_at == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert 'value="2026-07-01T09:00"' in client.get(address("edit", customer, "tickets", row)).content.decode()
