"""A customer as a record: made, changed, archived, brought back."""

import pytest
from django.urls import reverse

from accounts.models import Customer, Role
from tests.factories.accounts import act_as_contact, make_contact, make_customer, make_portal_access, make_user
from tests.factories.facts import make_goal, make_indicator, make_subscription

pytestmark = pytest.mark.django_db
FORM = {"name": "Huber Logistik", "segment": "SMB", "phase": "onboarding"}


def post(client, name, customer, data=None, **options):
    return client.post(reverse(f"records:{name}", args=[customer.public_id]), data or {}, **options)


@pytest.fixture
def owner(client):
    owner = make_user(Role.CSM)
    client.force_login(owner)
    return owner


def test_a_csm_adds_a_customer_of_their_own(client, owner):
    client.post(reverse("records:customer_new"), FORM | {"owner": make_user(Role.CSM).public_id})
    customer = Customer.objects.get()
    assert (customer.name, customer.segment, customer.owner) == ("Huber Logistik", "SMB", owner)


def test_a_lead_decides_whose_it_is(client):
    csm = make_user(Role.CSM)
    client.force_login(make_user(Role.LEAD))
    client.post(reverse("records:customer_new"), FORM | {"owner": csm.public_id})
    assert Customer.objects.get().owner == csm


def test_overdue_days_need_their_day(client, owner):
    answer = client.post(reverse("records:customer_new"), FORM | {"billing_overdue_days": "3"})
    assert list(answer.context["form"].errors) == ["billing_as_of"]
    assert Customer.objects.count() == 0


def test_an_archived_customer_leaves_lists_and_keeps_its_figures(client, owner):
    customer = make_customer(owner=owner, name="Huber Logistik")
    make_subscription(customer, "2026-01-01", None, 100)
    client.force_login(make_user(Role.LEAD))
    answer = post(client, "customer_archive", customer, follow=True)
    assert reverse("records:customer_restore", args=[customer.public_id]) in answer.content.decode()
    assert (
        "Huber Logistik" not in client.get(reverse("dashboards:customers") + "?q=").content.decode().split("<table")[-1]
    )
    assert "Huber Logistik" in client.get(reverse("records:archived_customers")).content.decode()
    figure = client.get(reverse("api-metrics") + "?code=mrr&period=2026-01").json()["results"][0]
    assert figure["value"] == "100"
    assert post(client, "customer_edit", customer, FORM).status_code == 403
    post(client, "customer_restore", customer)
    assert "Huber Logistik" in client.get(reverse("dashboards:customers")).content.decode()


def test_an_archived_customers_contacts_find_the_portal_closed(client, owner):
    customer = make_customer(owner=owner)
    access = make_portal_access(make_contact(customer))
    post(client, "customer_archive", customer)
    act_as_contact(client, access)
    assert client.get(reverse("dashboards:portal_home")).status_code == 404


def test_a_customer_with_a_waiting_definition_is_not_archived(client, owner):
    customer = make_customer(owner=owner)
    make_indicator(make_goal(customer), state="proposed", name="Days to invoice", agreed_on=None, provenance="")
    answer = post(client, "customer_archive", customer, follow=True)
    assert "The definition of “Days to invoice” waits for an answer." in answer.content.decode()
    customer.refresh_from_db()
    assert customer.archived_at is None


def test_only_whose_it_is_brings_it_back(client, owner):
    customer = make_customer(owner=make_user(Role.CSM), archived_at="2026-01-01T00:00:00Z")
    client.force_login(make_user(Role.VIEWER))
    assert post(client, "customer_restore", customer).status_code == 403
    assert client.get(reverse("records:data", args=[customer.public_id])).status_code == 200
