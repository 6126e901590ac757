"""The read endpoints: who gets what, and how it looks."""

from base64 import b64decode
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs, urlparse
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import Role
from kvi.models import Goal, Indicator, IndicatorVersion, Measurement
from reports.models import ValueReport
from tests.factories.accounts import (
    make_contact,
    make_customer,
    make_portal_access,
    make_team,
    make_user,
    make_user_group,
)
from tests.factories.surveys import make_wave

pytestmark = pytest.mark.django_db
NAMES = ("customer", "contact", "goal", "indicator", "measurement", "report")


class Company:
    """One customer with a row of every kind that the interface shows."""

    def __init__(self, owner=None, **fields):
        self.customer = make_customer(owner=owner, segment="Enterprise", phase="retention", **fields)
        self.contact = make_contact(self.customer)
        make_user_group(self.customer)
        self.goal = Goal.objects.create(
            customer=self.customer, name="Faster invoices", start_date=date(2026, 1, 1), state=Goal.State.AGREED
        )
        self.indicator = Indicator.objects.create(goal=self.goal)
        self.version = IndicatorVersion.objects.create(
            indicator=self.indicator, name="Days to invoice", state="agreed", direction="decrease", unit="days",
            baseline=Decimal("12.5"), target=6, valid_from=date(2026, 1, 1), agreed_on=date(2026, 1, 1),
        )  # fmt: skip
        self.measurement = Measurement.objects.create(indicator=self.indicator, date=date(2026, 2, 1), value=Decimal(9))
        self.report = ValueReport.objects.create(
            customer=self.customer, period_start=date(2026, 1, 1), period_end=date(2026, 4, 1), language="en",
            created_by=owner or make_user(Role.ADMIN),
        )  # fmt: skip

    def asked(self):
        """A wave with one invitation."""
        make_wave(self.customer, contacts=[self.contact], by=self.customer.owner or make_user(Role.ADMIN))
        return self

    def rows(self):
        return {name: getattr(self, name) for name in NAMES}


@pytest.fixture
def csm():
    return make_user(Role.CSM, teams=(make_team(),))


@pytest.fixture
def mine(csm):
    return Company(csm)


@pytest.fixture
def foreign():
    return Company(make_user(Role.CSM, teams=(make_team(),)))


def listed(client, name, **query):
    answer = client.get(reverse(f"api-{name}-list"), query)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


@pytest.mark.parametrize("name", NAMES)
def test_strangers_get_401_and_no_data(client, mine, name):
    for url in (reverse(f"api-{name}-list"), reverse(f"api-{name}-detail", args=[mine.rows()[name].public_id])):
        answer = client.get(url)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize("name", NAMES)
def test_a_csm_reads_their_own_and_foreign_rows_do_not_exist(client, csm, mine, foreign, name):
    client.force_login(csm)
    own, other = mine.rows()[name].public_id, foreign.rows()[name].public_id

    assert listed(client, name) == [str(own)]
    assert client.get(reverse(f"api-{name}-detail", args=[own])).json()["id"] == str(own)
    hidden = client.get(reverse(f"api-{name}-detail", args=[other]))
    missing = client.get(reverse(f"api-{name}-detail", args=[uuid4()]))
    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("role", [Role.ADMIN, Role.LEAD, Role.ANALYST, Role.VIEWER])
def test_who_sees_all_reads_all(client, mine, foreign, name, role):
    client.force_login(make_user(role))
    assert {str(mine.rows()[name].public_id), str(foreign.rows()[name].public_id)} == set(listed(client, name))


@pytest.mark.parametrize("name", ["contact", "goal", "indicator", "measurement", "report"])
def test_the_customer_filter_never_reaches_beyond_the_gate(client, csm, mine, foreign, name):
    client.force_login(csm)
    assert listed(client, name, customer=mine.customer.public_id) == [str(mine.rows()[name].public_id)]
    assert listed(client, name, customer=foreign.customer.public_id) == []
    assert client.get(reverse(f"api-{name}-list"), {"customer": "nonsense"}).status_code == 400


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("method", ["post", "put", "delete", "options", "trace"])
def test_what_is_not_offered_is_405_and_changes_nothing(client, csm, mine, name, method):
    client.force_login(csm)
    url = reverse(f"api-{name}-detail", args=[mine.rows()[name].public_id])
    answer = getattr(client, method)(url, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (405, "method_not_allowed")
    assert method.upper() not in answer["Allow"]
    overridden = client.get(url, {"_method": "DELETE"}, headers={"X-HTTP-Method-Override": "DELETE"})
    assert overridden.status_code == 200


def test_a_contact_reads_only_portal_fields_of_their_own_company(client, mine, foreign):
    access = make_portal_access(mine.contact)
    client.force_login(access.user)

    assert client.get(reverse("api-customer-list")).json()["results"] == [
        {"id": str(mine.customer.public_id), "name": mine.customer.name}
    ]
    assert client.get(reverse("api-contact-list")).json()["results"] == [
        {"id": str(mine.contact.public_id), "customer": str(mine.customer.public_id), "name": mine.contact.name,
         "role": ""}
    ]  # fmt: skip
    for name, row in foreign.rows().items():
        assert client.get(reverse(f"api-{name}-detail", args=[row.public_id])).status_code == 404
        assert str(row.public_id) not in listed(client, name)


def test_a_contact_sees_no_drafts_and_no_report_that_was_not_released(client, mine):
    access = make_portal_access(mine.contact)
    draft = Goal.objects.create(customer=mine.customer, name="Ours alone", start_date=date(2026, 1, 1))
    indicator = Indicator.objects.create(goal=draft)
    IndicatorVersion.objects.create(indicator=indicator, name="Hidden", state="draft")
    IndicatorVersion.objects.create(indicator=mine.indicator, number=2, name="Next idea", state="draft")
    client.force_login(access.user)

    assert listed(client, "goal") == [str(mine.goal.public_id)]
    assert listed(client, "report") == []
    rows = client.get(reverse("api-indicator-list")).json()["results"]
    assert [(row["id"], [version["name"] for version in row["versions"]]) for row in rows] == [
        (str(mine.indicator.public_id), ["Days to invoice"])
    ]


def test_a_contact_cannot_find_out_the_segment_by_filtering(client, mine):
    client.force_login(make_portal_access(mine.contact).user)
    assert listed(client, "customer", segment="Something else") == [str(mine.customer.public_id)]


def test_revoked_access_ends_at_once(client, mine):
    access = make_portal_access(mine.contact)
    client.force_login(access.user)
    assert listed(client, "customer")
    type(access).objects.update(revoked_at="2026-01-01T00:00:00Z")
    assert listed(client, "customer") == []


def test_decimals_are_strings_and_ids_are_public(client, csm, mine):
    client.force_login(csm)
    row = client.get(reverse("api-indicator-detail", args=[mine.indicator.public_id])).json()
    version = row["versions"][0]
    assert (row["goal"], row["customer"]) == (str(mine.goal.public_id), str(mine.customer.public_id))
    assert (version["baseline"], version["target"], version["weight"]) == (
        "12.5",
        "6",
        "1",
    )
    measured = client.get(reverse("api-measurement-detail", args=[mine.measurement.public_id])).json()
    assert (measured["value"], measured["level"], measured["indicator"]) == (
        "9", None, str(mine.indicator.public_id),
    )  # fmt: skip


@pytest.mark.parametrize("name", [*NAMES, "user-group", "wave", "invitation"])
def test_a_list_asks_the_database_as_often_for_one_row_as_for_thirty(
    client, csm, mine, name, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(csm)
    mine.asked()
    url = reverse(f"api-{name}-list")
    client.get(url)
    with django_assert_max_num_queries(12) as one:
        client.get(url)
    for _number in range(29):
        Company(csm).asked()
    with django_assert_num_queries(len(one)):
        assert len(client.get(url).json()["results"]) == 30


def test_pages_follow_a_cursor(client, csm):
    for _number in range(3):
        make_customer(owner=csm)
    client.force_login(csm)
    first = client.get(reverse("api-customer-list"), {"page_size": 2}).json()
    second = client.get(first["next"]).json()
    assert (len(first["results"]), len(second["results"]), second["next"]) == (2, 1, None)
    assert client.get(reverse("api-customer-list"), {"cursor": "nonsense"}).status_code == 404


def test_a_cursor_does_not_tell_how_many_rows_there_are(client, csm):
    rows = [make_customer(owner=csm) for _number in range(2)]
    client.force_login(csm)
    address = client.get(reverse("api-customer-list"), {"page_size": 1}).json()["next"]
    inside = b64decode(parse_qs(urlparse(address).query)["cursor"][0]).decode()
    assert inside.removeprefix("p=") in {str(row.public_id) for row in rows}


def test_format_suffixes_and_parameters_change_nothing(client, csm, mine):
    client.force_login(csm)
    url = reverse("api-customer-list")
    assert client.get(url.rstrip("/") + ".json").status_code == 404
    assert client.get(url, {"format": "api"}).headers["Content-Type"] == "application/json"


def test_schema_and_documentation_need_a_login(client, csm):
    assert client.get(reverse("schema")).status_code == 401
    assert client.get(reverse("docs")).status_code == 302
    client.force_login(csm)
    assert client.get(reverse("schema")).status_code == 200
    page = client.get(reverse("docs"))
    assert page.status_code == 200
    assert b"<script>" not in page.content
