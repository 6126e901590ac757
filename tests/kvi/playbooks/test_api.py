"""Follow-ups over REST: the services' rules, said at the field; contacts find none."""

from uuid import uuid4

import pytest

from accounts.models import Role
from kvi.playbooks.models import FollowUp
from tests.factories.accounts import make_customer, make_team, make_user
from tests.factories.playbooks import make_follow_up
from tests.factories.rest import JSON, bearer, make_token

pytestmark = pytest.mark.django_db
URL = "/api/v1/follow-ups/"


@pytest.fixture
def csm():
    return make_user(Role.CSM, teams=(make_team(),))


@pytest.fixture
def send(client, csm):
    headers = bearer(make_token(csm))
    return lambda path="", **body: client.post(URL + path, body, content_type=JSON, headers=headers)


def wanted(customer, **fields):
    due = "2026-12-31T10:00:00+01:00"
    owner = str(customer.owner.public_id)
    return {"customer": str(customer.public_id), "reason": "Call Kim", "due_at": due, "owner": owner, **fields}


@pytest.fixture(autouse=True)
def _november(time_machine):
    time_machine.move_to("2026-11-20T10:00:00Z")


def test_one_is_opened_given_put_off_closed_and_opened_again(send, csm):
    customer = make_customer(owner=csm)
    made = send(**wanted(customer))
    assert (made.status_code, made["Location"]) == (201, f"{URL}{made.json()['id']}/")
    mate = make_user(Role.LEAD)
    one = f"{made.json()['id']}/"
    assert send(one + "assign/", owner=str(mate.public_id), deputy=str(csm.public_id)).status_code == 200
    assert send(one + "snooze/", until="2026-11-25").json()["snoozed_until"] == "2026-11-25"
    closed = send(one + "close/", outcome="reached", note="Well").json()
    assert {name: closed[name] for name in ("reason", "source", "state", "outcome", "note", "owner", "deputy")} == {
        "reason": "Call Kim", "source": "hand", "state": "done", "outcome": "reached", "note": "Well",
        "owner": str(mate.public_id), "deputy": str(csm.public_id),
    }  # fmt: skip
    assert send(one + "reopen/").json()["state"] == "open"
    assert send(one + "cancel/", note="Twice").json()["state"] == "cancelled"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"due_at": "2026-12-31T10:00"}, "no_offset"), ({"due_at": "tomorrow"}, "invalid"), ({"due_at": 5}, "invalid"),
     ({"due_at": "9999-12-31T23:59:59Z"}, "overflow"), ({"due_at": "2026-02-30T10:00Z"}, "invalid"),
     ({"due_at": "2020-01-01T10:00Z"}, "invalid"), ({"due_at": "0001-01-01T00:00+14:00"}, "overflow"),
     ({"reason": " "}, "blank"), ({"owner": str(uuid4())}, "does_not_exist"), ({"state": "done"}, "read_only")],
)  # fmt: skip
def test_what_is_wrong_is_said_at_the_field(send, csm, wrong, code):
    answer = send(**wanted(make_customer(owner=csm), **wrong))
    errors = [(error["code"], error["attr"]) for error in answer.json()["errors"]]
    assert (answer.status_code, errors, FollowUp.objects.count()) == (400, [(code, next(iter(wrong)))], 0)


def test_a_colleague_who_does_not_see_the_customer_is_no_owner(send, csm):
    stranger = make_user(Role.CSM, teams=(make_team(),))
    answer = send(**wanted(make_customer(owner=csm), owner=str(stranger.public_id)))
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "owner")


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_asks_a_constant_number_of_queries(client, csm, django_assert_max_num_queries, number):
    customer = make_customer(owner=csm)
    for _each in range(number):
        make_follow_up(customer)
    client.force_login(csm)
    with django_assert_max_num_queries(12):
        assert len(client.get(URL).json()["results"]) == number
