"""Fields of the workspace's own: defined in the settings, filled in forms, files and the interface."""

import pytest
from django.urls import reverse

from accounts.models import Contact, Customer, Role
from accounts.records.custom import custom_columns
from accounts.records.models import CustomField
from tests.accounts.integrations.conftest import load  # noqa: F401 - a fixture
from tests.factories.accounts import make_contact, make_customer, make_user
from tests.factories.records import make_custom_field

pytestmark = pytest.mark.django_db
DEFINITION = {"subject": "customer", "key": "tier", "kind": "choice", "label_en": "Tier", "label_de": "Stufe"}


@pytest.fixture
def fields():
    make_custom_field("contract", label_en="Contract no.")
    make_custom_field("seats_sold", "number")
    make_custom_field("visited", "date")
    make_custom_field("tier", "choice", choices=["gold", "silver medal"])
    make_custom_field("birthday", "date", "contact")


@pytest.fixture
def admin(client):
    admin = make_user(Role.ADMIN)
    client.force_login(admin)
    return admin


def test_an_administrator_defines_a_choice(client, admin):
    client.post(reverse("records:custom_field_new"), DEFINITION | {"choices": "gold\r\n\r\nsilver medal \r\ngold"})
    field = CustomField.objects.get()
    assert (field.key, field.kind, field.choices, str(field)) == ("tier", "choice", ["gold", "silver medal"], "Tier")


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"key": "Tier"}, "key"),
        ({"key": "tier'); --"}, "key"),
        ({"key": "contract"}, "key"),
        ({"kind": "file"}, "kind"),
        ({"choices": ""}, "choices"),
        ({"label_de": ""}, "label_de"),
    ],
)
def test_a_wrong_definition_is_refused_at_its_field(client, admin, wrong, at):
    make_custom_field("contract")
    answer = client.post(reverse("records:custom_field_new"), DEFINITION | {"choices": "gold"} | wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [at])
    assert CustomField.objects.count() == 1


def test_a_choice_in_use_stays(client, admin, fields):
    make_customer(custom={"tier": "gold"})
    field = CustomField.objects.get(key="tier")
    names = {"label_en": "Tier", "label_de": "Stufe"}
    answer = client.post(reverse("records:custom_field", args=[field.public_id]), names | {"choices": "silver medal"})
    assert list(answer.context["form"].errors) == ["choices"]


def test_the_customers_form_and_page_have_them(client, admin, fields):
    customer = make_customer(custom={"contract": "C-17"})
    page = reverse("records:customer_edit", args=[customer.public_id])
    form = {"name": "Huber", "x_contract": "C-18", "x_seats_sold": "12.50", "x_visited": "2026-02-01", "x_tier": "gold"}
    assert client.post(page, form).status_code == 302
    customer.refresh_from_db()
    assert customer.custom == {"contract": "C-18", "seats_sold": "12.5", "visited": "2026-02-01", "tier": "gold"}
    data = client.get(reverse("records:data", args=[customer.public_id])).content.decode()
    assert all(text in data for text in ("Contract no.", "C-18", "12.5", "gold"))
    wrong = {"x_seats_sold": "many", "x_visited": "1960-01-01", "x_tier": "bronze", "x_contract": "a" * 256}
    answer = client.post(page, {"name": "Huber"} | wrong)
    assert set(answer.context["form"].errors) == {"x_seats_sold", "x_visited", "x_tier", "x_contract"}
    client.post(page, {"name": "Huber", "x_contract": ""})
    customer.refresh_from_db()
    assert customer.custom == {}


def test_files_fill_them(load, fields):  # noqa: F811
    head = "external_id,name,x_contract,x_seats_sold,x_visited,x_tier,x_unknown\n"
    rows = "a,A,C-17,12.50,2026-02-01,silver medal,?\nb,B,,x,,,\nc,C,,,2026-02-30,,\nd,D,,,,bronze,\ne,E,,-1,,,\n"
    first = load(customers=head + rows)
    assert first == (
        ["customers.csv created=1 updated=0 unchanged=0 rejected=4"],
        [
            'customers.csv:1:x_unknown:unknown_column: "x_unknown"',
            'customers.csv:3:x_seats_sold:bad_value: "x"',
            'customers.csv:4:x_visited:bad_value: "2026-02-30"',
            'customers.csv:5:x_tier:bad_value: "bronze"',
            'customers.csv:6:x_seats_sold:out_of_range: "-1"',
        ],
        1,
    )
    customer = Customer.objects.get()
    whole = {"contract": "C-17", "seats_sold": "12.5", "visited": "2026-02-01", "tier": "silver medal"}
    assert customer.custom == whole
    assert load(customers=head + rows).out == ["customers.csv created=0 updated=0 unchanged=1 rejected=4"]
    load(customers="external_id,name,x_contract,x_tier\na,A,C-18,\n")
    customer.refresh_from_db()
    assert customer.custom == {"contract": "C-18", "seats_sold": "12.5", "visited": "2026-02-01"}
    load(contacts="external_id,customer,x_birthday\np,a,1990-05-01\n")
    assert Contact.objects.get().custom == {"birthday": "1990-05-01"}


def test_the_interface_takes_and_shows_them(client, admin, fields):
    contact = make_contact(custom={"birthday": "1990-05-01"})
    customer = contact.customer
    url = reverse("api-customer-detail", args=[customer.public_id])
    send = {"content_type": "application/json"}
    answer = client.patch(url, '{"custom": {"tier": "gold", "seats_sold": "3"}}', **send)
    assert (answer.status_code, answer.json()["custom"]) == (200, {"tier": "gold", "seats_sold": "3"})
    answer = client.patch(url, '{"custom": {"tier": "bronze", "nothing": "x"}}', **send)
    assert sorted(error["attr"] for error in answer.json()["errors"]) == ["x_nothing", "x_tier"]
    shown = client.get(reverse("api-contact-detail", args=[contact.public_id])).json()
    assert shown["custom"] == {"birthday": "1990-05-01"}


def test_the_customers_list_and_its_file_hold_them(client, admin, fields):
    make_customer(name="Huber", custom={"contract": "=1+1", "seats_sold": "3", "visited": "2026-02-01"})
    make_customer(name="Other", custom={"seats_sold": "2"})
    chosen = "?columns=name,x_contract,x_seats_sold,x_visited"
    page = client.get(reverse("dashboards:customers") + chosen + '&where=["and",["x_seats_sold","least","3"]]')
    assert (page.status_code, "Huber" in page.content.decode(), "Other" in page.content.decode()) == (200, True, False)
    lines = b"".join(client.get(reverse("dashboards:customers_csv") + chosen)).decode("utf-8-sig").splitlines()
    assert [line.split(",")[-3:] for line in lines[1:]] == [["'=1+1", "3", "2026-02-01"], ["", "2", ""]]


def test_an_archived_field_is_nowhere_and_its_values_stay(client, admin, fields):
    customer = make_customer(custom={"contract": "C-17"})
    field = CustomField.objects.get(key="contract")
    client.post(reverse("records:custom_field_archive", args=[field.public_id]))
    assert "contract" not in [column.key for column in custom_columns("customer")]
    twin = {"subject": "customer", "key": "contract", "kind": "text", "label_en": "Contract", "label_de": "Vertrag"}
    refused = client.post(reverse("records:custom_field_new"), twin)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["key"])
    client.post(reverse("records:customer_edit", args=[customer.public_id]), {"name": "Huber", "x_tier": "gold"})
    client.post(reverse("records:custom_field_restore", args=[field.public_id]))
    customer.refresh_from_db()
    assert customer.custom == {"contract": "C-17", "tier": "gold"}
