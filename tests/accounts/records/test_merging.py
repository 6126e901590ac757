"""Two records of one company or person become one."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.audit.models import AuditEntry
from accounts.audit.queries import history
from accounts.models import Contact, Role
from accounts.records.queries import plain_name
from kvi.models import Agreement
from reports.history import customer_history
from reports.models import ReportState, ValueReport
from tests.accounts.integrations.conftest import load  # noqa: F401 - a fixture
from tests.factories.accounts import make_contact, make_customer, make_portal_access, make_user, make_user_group
from tests.factories.facts import (
    make_goal,
    make_indicator,
    make_invitation,
    make_measurement,
    make_subscription,
    make_survey,
)
from tests.factories.records import make_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    owner = make_user(Role.CSM)
    client.force_login(owner)
    return owner


@pytest.fixture
def pair(owner):
    kept = make_customer(owner=owner, name="Huber Logistik GmbH", external_id="KEPT", segment="SMB", custom={"a": "1"})
    gone = make_customer(
        owner=owner, name="Huber Logistik", external_id="GONE", segment="Enterprise", industry="Logistics",
        custom={"a": "2", "b": "3"},
    )  # fmt: skip
    return kept, gone


def address(customer, contact=None):
    if contact:
        return reverse("records:contact_merge", args=[customer.public_id, contact.public_id])
    return reverse("records:customer_merge", args=[customer.public_id])


def figure(client, code):
    url = reverse("api-metrics") + f"?code={code}&period=2026-01"
    return client.get(url).json()["results"][0]["value"]


def test_everything_follows_and_what_is_frozen_stays(client, pair):
    kept, gone = pair
    make_record("onboarding-steps", kept, step="one", position=1)
    make_record("onboarding-steps", gone, step="one", position=1)
    make_record("onboarding-steps", gone, step="two", position=2)
    make_subscription(gone, "2026-01-01", None, 100)
    contact = make_contact(gone)
    measurement = make_measurement(make_indicator(make_goal(gone)), "2026-01-15", 120)
    version = measurement.indicator.versions.get()
    hashed = version.content_hash
    period = {"period_start": "2026-01-01", "period_end": "2026-02-01", "language": "en", "created_by": kept.owner}
    draft = ValueReport.objects.create(customer=gone, **period)
    issued = ValueReport.objects.create(customer=gone, state=ReportState.ISSUED, content_hash="x" * 64, **period)
    page = client.get(address(kept), {"other": gone.public_id}).content.decode()
    for text in ("Logistics is taken over", "SMB is kept, Enterprise goes", "Onboarding steps that both have: 1"):
        assert text in page
    answer = client.post(address(kept), {"other": gone.public_id})
    assert answer.url == reverse("records:data", args=[kept.public_id])
    for row in (kept, gone, contact, draft, issued, version):
        row.refresh_from_db()
    assert (kept.segment, kept.industry, kept.custom) == ("SMB", "Logistics", {"a": "1", "b": "3"})
    assert (gone.merged_into, gone.archived_at is not None) == (kept, True)
    assert (contact.customer, draft.customer, issued.customer) == (kept, kept, gone)
    assert (measurement.indicator.goal.customer_id, kept.goals.count(), version.content_hash) == (gone.pk, 1, hashed)
    assert list(kept.onboarding_steps.values_list("step", "position")) == [("one", 1), ("two", 4)]
    assert AuditEntry.objects.filter(verb__startswith="customer.merged").count() == 2


def test_figures_count_one_customer(client, pair):
    kept, gone = pair
    for customer in pair:
        make_subscription(customer, "2026-01-01", None, 100)
    client.post(address(kept), {"other": gone.public_id})
    client.force_login(make_user(Role.ANALYST))
    assert (figure(client, "mrr"), figure(client, "paying_customers")) == ("200", "1")


def test_a_file_that_names_the_old_id_means_the_new_record(client, pair, load):  # noqa: F811
    kept, gone = pair
    contact = make_contact(gone, external_id="P")
    client.post(address(kept), {"other": gone.public_id})
    loaded = load(contacts="external_id,customer,role\nP,GONE,champion\nQ,GONE,user\n")
    assert loaded.out == ["contacts.csv created=1 updated=1 unchanged=0 rejected=0"]
    assert set(Contact.objects.values_list("external_id", "customer")) == {("P", kept.pk), ("Q", kept.pk)}
    assert Contact.objects.get(pk=contact.pk).role == "champion"


def test_a_merged_customer_is_not_brought_back_and_says_where_it_is(client, pair):
    kept, gone = pair
    client.post(address(kept), {"other": gone.public_id})
    assert client.post(reverse("records:customer_restore", args=[gone.public_id])).status_code == 403
    assert "Huber Logistik GmbH" in client.get(reverse("records:data", args=[gone.public_id])).content.decode()


def test_another_persons_customer_is_no_choice(client, pair):
    kept, _gone = pair
    foreign = make_customer(owner=make_user(Role.CSM))
    for method in (client.get, client.post):
        assert list(method(address(kept), {"other": foreign.public_id}).context["form"].errors) == ["other"]
    foreign.refresh_from_db()
    assert foreign.merged_into is None


def test_nothing_is_merged_while_a_definition_waits(client, pair):
    kept, gone = pair
    make_indicator(make_goal(gone), state="proposed", agreed_on=None, provenance="")
    answer = client.post(address(kept), {"other": gone.public_id})
    assert "waits for an answer" in answer.content.decode()
    gone.refresh_from_db()
    assert (gone.merged_into, gone.goals.count()) == (None, 1)


def test_likely_twins_are_offered(client, pair):
    kept, _gone = pair
    neighbour = make_customer(owner=kept.owner, name="Huber IT")
    make_contact(kept, email="a@huber.example")
    make_contact(neighbour, email="b@HUBER.example")
    make_contact(kept, email="c@gmail.com")
    make_contact(make_customer(owner=kept.owner, name="Somebody"), email="d@gmail.com")
    twins = client.get(address(kept)).context["twins"]
    assert sorted(map(str, twins)) == ["Huber IT", "Huber Logistik"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Huber GmbH & Co. KG", "huber"), ("Öztürk & Söhne", "öztürk söhne"), ("Harbour Ltd.", "HARBOUR")],
)
def test_a_name_is_the_same_without_its_legal_form(one, other):
    assert plain_name(one) == plain_name(other)


def test_contacts_become_one_and_signatures_stay(client, owner):
    customer = make_customer(owner=owner)
    kept = make_contact(customer, name="Anna Huber", role="")
    gone = make_contact(customer, name="Anna Huber", role="sponsor", user_group=make_user_group(customer))
    access = make_portal_access(gone)
    version = make_indicator(make_goal(customer, customer_owner=gone)).versions.get()
    signature = {"user": access.user, "contact": gone, "content_hash": "x", "signed_at": timezone.now()}
    signed = Agreement.objects.create(version=version, side="customer", **signature)
    asked = make_invitation(make_survey(), "2026-01-05", contact=gone)
    assert [twin.pk for twin in client.get(address(customer, kept)).context["twins"]] == [gone.pk]
    client.post(address(customer, kept), {"other": gone.public_id})
    for row in (kept, gone, access, signed, asked):
        row.refresh_from_db()
    assert (kept.role, kept.user_group, gone.merged_into) == ("sponsor", gone.user_group, kept)
    assert (signed.contact, asked.contact, access.revoked_at is not None) == (gone, kept, True)
    assert customer.goals.get().customer_owner == kept


def test_the_interface_previews_and_merges_by_the_same_rules(client, pair):
    kept, gone = pair
    make_subscription(gone, "2026-01-01", None, 100)
    foreign = make_customer(owner=make_user(Role.CSM))

    def post(verb, other):
        url = f"/api/v1/customers/{kept.public_id}/{verb}/"
        return client.post(url, {"other": str(other.public_id)}, content_type="application/json")

    preview = post("merge-preview", gone)
    assert (preview.status_code, preview.json()) == (
        200,
        {
            "follows": [{"record": "Subscription", "moves": 1, "stays": 0}],
            "taken": [{"field": "Industry", "value": "Logistics"}],
            "differing": [{"field": "Segment", "kept": "SMB", "dropped": "Enterprise"}],
            "contradictions": [],
            "portal_accesses": 0,
            "refusals": [],
            "can_be_undone": False,
        },
    )
    gone.refresh_from_db()
    assert gone.merged_into is None
    assert [post("merge", other).status_code for other in (foreign, kept)] == [400, 400]
    answer = post("merge", gone)
    assert (answer.status_code, answer.json()["industry"]) == (200, "Logistics")
    gone.refresh_from_db()
    assert (gone.merged_into, kept.subscriptions.count()) == (kept, 1)
    assert post("merge", gone).status_code == 400


def test_what_a_merge_moved_stands_in_the_history(client, pair):
    kept, gone = pair
    paid = make_subscription(gone, "2026-01-01", None, 100)
    client.post(address(kept), {"other": gone.public_id})
    [line] = [line for line in customer_history(kept) if "merged another customer" in line.text]
    moved = [(row.record, row.label, row.old, row.new) for row in line.differences]
    assert ("Subscription Base", "Customer", "Huber Logistik", "Huber Logistik GmbH") in moved
    assert ("", "Industry", "", "Logistics") in moved
    assert [line.differences[0].new for line in history(paid)] == ["Huber Logistik GmbH"]
