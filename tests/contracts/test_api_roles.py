"""Every operation of the OpenAPI file times every kind of caller: an operation without a rule here fails the test."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator

from accounts.models import PortalAccess
from reports import services as report_services
from tests.factories.files import upload
from tests.factories.rest import JSON, PAST, World

pytestmark = pytest.mark.django_db
CALLERS = (
    "anonymous", "admin", "lead", "owner", "colleague", "stranger", "analyst", "viewer", "contact", "foreign contact",
    "owner's token", "owner's read token", "contact's token",
)  # fmt: skip
PRODUCT = "mrr"


def rule(default, **statuses):
    known = {who: statuses.get(who.replace("'", "").replace(" ", "_"), default) for who in CALLERS}
    return known | {"anonymous": 401}


READ = rule(200)
OBJECT = rule(200, stranger=404, foreign_contact=404)
OURS = OBJECT | {"contact": 404, "contact's token": 404}


def staff(done=200, *, contact=403, foreign=404, stranger=404):
    """Admin, lead and owner may; whoever sees it may not; for the others it does not exist."""
    return rule(
        403, admin=done, lead=done, owner=done, owners_token=done, stranger=stranger, contact=contact,
        contacts_token=contact, foreign_contact=foreign,
    )  # fmt: skip


def both(done=200, *, foreign=404, stranger=404):
    """Each side for itself."""
    return staff(done, contact=done, foreign=foreign, stranger=stranger)


CUSTOMER_ONLY = rule(403, contact=200, contacts_token=200, stranger=404, foreign_contact=404)
MAKE_OURS = staff(201, foreign=403, stranger=400)
MAKE = both(201, foreign=400, stranger=400)


@dataclass(frozen=True)
class Operation:
    """``row`` fills ``public_id``; contacts act on ``contacts_row`` where the sides act on different records."""

    statuses: dict
    row: str = ""
    contacts_row: str = ""
    body: dict = field(default_factory=dict)
    query: str = ""
    is_form: bool = False


DAYS = {
    "texts": {"en": {"name": "Days to invoice"}}, "direction": "decrease", "unit": "days", "baseline": "12",
    "target": "6", "baseline_date": "2026-01-01", "due_date": "2026-12-31",
}  # fmt: skip
QUARTER = {"customer": "<customer>", "period_start": f"{PAST - timedelta(days=60)}", "period_end": f"{PAST}"}
RECORDS = {
    "end-users": {"active_from": "2026-01-01"},
    "subscriptions": {"start_date": "2026-01-01", "mrr": "100", "currency": "EUR"},
    "churn-records": {"date": "2026-03-01", "reason": "price"},
    "costs": {"date": "2026-03-01", "category": "serving", "amount": "5", "currency": "EUR"},
    "onboarding-steps": {"step": "import_data", "position": 20},
    "tickets": {"opened_at": "2026-03-01T09:00:00Z"},
}


def written(name, row, *, body, contact=403):
    """Changed, archived, brought back."""
    rules = staff(contact=contact)
    return {
        f"{name}_update": Operation(rules, row, body=body),
        f"{name}_archive": Operation(rules, row),
        f"{name}_restore": Operation(rules, row),
    }


def of_a_kind(slug, body):
    """A kind of record that contacts know nothing of."""
    name = slug.replace("-", "_")
    return {
        f"{name}_list": Operation(READ),
        f"{name}_retrieve": Operation(OURS, slug),
        f"{name}_create": Operation(MAKE_OURS, body={"customer": "<customer>", **body}),
        **written(name, slug, body=dict([next(iter(body.items()))]), contact=404),
    }


def keepers(done, *, others=404):
    """Those who keep the numbers of the whole workspace; for the others they are not there."""
    return rule(others, admin=done, lead=done, analyst=done)


KEEPERS_CHANGE = keepers(200) | {"viewer": 403, "owner's read token": 403}
OPERATIONS = {
    "customers_list": Operation(READ),
    "customers_retrieve": Operation(OBJECT, "customer"),
    "user_groups_list": Operation(READ),
    "user_groups_retrieve": Operation(OBJECT, "user group"),
    "contacts_list": Operation(READ),
    "contacts_retrieve": Operation(OBJECT, "contact"),
    "contacts_invite": Operation(staff(), "contact", body={"role": "champion"}),
    "contacts_revoke": Operation(staff(), "contact"),
    **written("customers", "customer", body={"name": "Changed"}),
    "customers_archive": Operation(staff(400), "customer"),  # a definition waits for an answer there
    **{  # nothing merges into itself
        f"{name}_{verb}": Operation(staff(400), name[:-1], body={"other": f"<{name[:-1]}>"})
        for name in ("customers", "contacts")
        for verb in ("merge", "merge_preview")
    },
    "customers_create": Operation(
        rule(201, analyst=403, viewer=403, contact=403, foreign_contact=403, contacts_token=403, owners_read_token=403),
        body={"name": "New"},
    ),
    **written("user_groups", "user group", body={"name": "Changed"}),
    "user_groups_create": Operation(MAKE_OURS, body={"customer": "<customer>", "name": "New"}),
    **written("contacts", "contact", body={"role": "champion"}),
    "contacts_create": Operation(MAKE_OURS, body={"customer": "<customer>", "name": "New"}),
    **{name: rules for slug, body in RECORDS.items() for name, rules in of_a_kind(slug, body).items()},
    "exchange_rates_list": Operation(READ),
    "exchange_rates_retrieve": Operation(keepers(200), "exchange-rate"),
    "exchange_rates_create": Operation(
        keepers(201, others=403), body={"currency": "USD", "valid_from": "2026-02-01", "rate": "0.91"}
    ),
    "exchange_rates_update": Operation(KEEPERS_CHANGE, "exchange-rate", body={"rate": "0.92"}),
    "exchange_rates_archive": Operation(KEEPERS_CHANGE, "exchange-rate"),
    "exchange_rates_restore": Operation(KEEPERS_CHANGE, "exchange-rate"),
    "attachments_list": Operation(READ),
    "attachments_retrieve": Operation(OBJECT, "file"),
    "attachments_content": Operation(OBJECT, "file"),
    "attachments_create": Operation(MAKE | {"colleague": 201}, is_form=True),
    "attachments_archive": Operation(staff(), "file"),
    "attachments_restore": Operation(staff(), "file"),
    "goals_list": Operation(READ),
    "goals_retrieve": Operation(OBJECT, "goal"),
    "goals_create": Operation(MAKE_OURS, body={"customer": "<customer>", "name": "New", "start_date": "2026-01-01"}),
    "goals_update": Operation(staff(), "goal", body={"name": "Changed"}),
    "goals_achieve": Operation(staff(), "goal"),
    "goals_retire": Operation(staff(), "goal", body={"note": "Closed."}),
    "goals_review": Operation(staff(), "goal", body={"still_valid": True}),
    "indicators_list": Operation(READ),
    "indicators_retrieve": Operation(OBJECT, "agreed"),
    "indicators_create": Operation(MAKE, body={"goal": "<goal>", **DAYS}),
    "indicators_draft": Operation(staff(), "agreed", body=DAYS),
    "indicators_redraft": Operation(staff(contact=404), "draft", body=DAYS),
    "indicators_propose": Operation(staff(contact=404), "draft", body={"to": "<contact>"}),
    "indicators_record_agreement": Operation(
        staff(contact=404) | {"lead": 403}, "draft",
        body={"contact": "<contact>", "agreed_on": "2026-02-01", "evidence": "Minutes"}
    ),
    "indicators_accept": Operation(both(), "theirs", "ours"),
    "indicators_counter": Operation(both(), "theirs", "ours", body={**DAYS, "target": "7", "note": "More careful"}),
    "indicators_decline": Operation(both(), "theirs", "ours", body={"note": "Cannot be measured."}),
    "indicators_withdraw": Operation(both(), "ours", "theirs"),
    "indicators_retire": Operation(staff(), "agreed"),
    "measurements_list": Operation(READ),
    "measurements_retrieve": Operation(OBJECT, "measurement"),
    "measurements_create": Operation(MAKE, body={"indicator": "<agreed>", "date": f"{date.today()}", "value": "8.5"}),
    "measurements_confirm": Operation(CUSTOMER_ONLY, "measurement"),
    "measurements_dispute": Operation(CUSTOMER_ONLY, "measurement", body={"reason": "Holidays were counted in."}),
    "measurements_withdraw_dispute": Operation(CUSTOMER_ONLY, "disputed"),
    "follow_ups_list": Operation(READ),
    "follow_ups_retrieve": Operation(OURS, "follow-up"),
    "follow_ups_create": Operation(
        MAKE_OURS,
        body={"customer": "<customer>", "reason": "Call", "due_at": f"{date.today() + timedelta(days=2)}T10:00:00Z",
              "owner": "<owner>"},
    ),
    "follow_ups_assign": Operation(staff(contact=404), "follow-up", body={"owner": "<owner>"}),
    "follow_ups_snooze": Operation(
        staff(contact=404), "follow-up", body={"until": f"{date.today() + timedelta(days=3)}"}
    ),
    "follow_ups_close": Operation(staff(contact=404), "follow-up", body={"outcome": "reached"}),
    "follow_ups_cancel": Operation(staff(contact=404), "follow-up", body={"note": "Twice."}),
    "follow_ups_reopen": Operation(staff(contact=404), "follow-up"),
    "waves_list": Operation(READ),
    "waves_retrieve": Operation(OURS, "wave"),
    "waves_create": Operation(
        MAKE_OURS,
        body={
            "customer": "<customer>", "name": "NPS", "contacts": ["<contact>"],
            "closes_on": f"{date.today() + timedelta(days=20)}",
        },
    ),
    "waves_withdraw": Operation(staff(contact=404), "wave"),
    "invitations_list": Operation(READ),
    "invitations_retrieve": Operation(OURS, "invitation"),
    "invitations_renew": Operation(staff(contact=404), "invitation"),
    "reports_list": Operation(READ),
    "reports_retrieve": Operation(OURS, "report"),
    "reports_create": Operation(MAKE_OURS, body={**QUARTER, "language": "de"}),
    "reports_update": Operation(staff(contact=404), "report", body={"comment": "A good quarter."}),
    "reports_submit": Operation(staff(contact=404), "report"),
    "reports_reopen": Operation(staff(409, contact=404), "report"),
    "reports_release": Operation(both(), "report", "released report"),
    "reports_issue": Operation(staff(409, contact=404), "report"),
    "metrics_list": Operation(
        rule(200, owner=403, owners_token=403, owners_read_token=403, colleague=403, stranger=403, contact=404,
             contacts_token=404, foreign_contact=404),
        query=f"?code={PRODUCT}&period=2026-01",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def operations():
    """Path and method of every operation in the file, by its id."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return {
        operation["operationId"]: (path, method)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if path.startswith("/api/v1/")
    }


@pytest.fixture(scope="module")
def world(kept_for_the_module):
    world = World()
    other = {"period_start": PAST, "period_end": PAST + timedelta(days=30), "language": "en"}
    report = world.customer.value_reports.create(created_by=world.owner, **other)
    world.rows["released report"] = report_services.release_by_csm(report, by=world.owner)
    return world


def test_every_operation_has_a_rule(operations):
    assert sorted(set(operations) - set(OPERATIONS)) == [], "say in OPERATIONS who may do this"
    assert sorted(set(OPERATIONS) - set(operations)) == [], "these operations do not exist any more"


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_who_may_do_it(client, world, operations, name):
    found = {who: status_without_trace(client, world, operations[name], OPERATIONS[name], who) for who in CALLERS}
    assert {who: status for who, (status, _body) in found.items()} == OPERATIONS[name].statuses, found


def status_without_trace(client, world, where, operation, who):
    """Everybody meets the same world: what the request wrote is taken back."""
    path, method = where
    headers = world.log_in(client, who)
    row = operation.contacts_row if "contact" in who and operation.contacts_row else operation.row
    url = path.replace("{public_id}", world.by_name(row) if row else "").replace("{number}", "1") + operation.query
    with transaction.atomic():
        answer = getattr(client, method)(url, headers=headers, **sent(world, method, operation))
        content = answer.getvalue()
        transaction.set_rollback(True)
    return answer.status_code, content[:300]


def sent(world, method, operation):
    if method == "get":
        return {}
    if operation.is_form:
        return {"data": {"kind": "goals", "record": world.by_name("goal"), "file": upload()}}
    body = json.dumps(operation.body)
    for known in world.rows:
        body = body.replace(f"<{known}>", world.by_name(known))
    return {"data": body, "content_type": JSON}


@pytest.mark.parametrize("name", sorted(name for name, one in OPERATIONS.items() if one.row))
def test_what_does_not_exist_looks_like_what_is_hidden(client, world, operations, name):
    path, method = operations[name]
    world.log_in(client, "stranger")
    sent = {} if method == "get" else {"data": "{}", "content_type": JSON}
    answers = [
        getattr(client, method)(path.replace("{public_id}", public_id).replace("{number}", "1"), **sent)
        for public_id in (world.by_name(OPERATIONS[name].row), str(uuid4()))
    ]
    assert (answers[0].status_code, answers[0].content) == (404, answers[1].content)


SIGNS = {"indicators_accept", "indicators_counter", "indicators_decline", "reports_release"}
SIGNED = {"indicators_withdraw": 400}  # what a sponsor has signed, only a sponsor withdraws
CONTACTS_OWN = {"measurements_confirm", "measurements_dispute", "indicators_withdraw", *SIGNS}


@pytest.mark.parametrize("role", ["champion", "key_user", "user"])
@pytest.mark.parametrize("name", sorted(CONTACTS_OWN))
def test_only_sponsors_sign_for_the_customer(client, world, operations, name, role):
    """Champions and key users propose, enter, confirm and dispute; users read."""
    PortalAccess.objects.filter(pk=world.access.pk).update(role=role)
    status, body = status_without_trace(client, world, operations[name], OPERATIONS[name], "contact")
    assert status == (403 if name in SIGNS or role == "user" else SIGNED.get(name, 200)), body


@pytest.mark.parametrize("name", ["measurements_create", "indicators_create"])
def test_contacts_who_only_read_make_nothing(client, world, operations, name):
    PortalAccess.objects.filter(pk=world.access.pk).update(role="user")
    assert status_without_trace(client, world, operations[name], OPERATIONS[name], "contact")[0] == 403
