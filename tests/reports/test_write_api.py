"""Value reports over REST: each side releases for itself, a frozen one says no."""

import pytest

from accounts.models import Role
from reports.models import ReportRelease, ValueReport
from tests.factories.accounts import make_customer, make_user
from tests.factories.kvi import make_goal, make_indicator
from tests.factories.rest import JSON, PAST, World, bearer, make_token

pytestmark = pytest.mark.django_db
LAST_MONTH = {"period_start": f"{PAST.replace(day=1)}", "period_end": f"{PAST.replace(day=28)}", "language": "de"}


@pytest.fixture
def world():
    return World()


@pytest.fixture
def send(client, world):
    def request(who, path, method="post", **body):
        headers = world.log_in(client, who)
        return getattr(client, method)(f"/api/v1/reports/{path}", body, content_type=JSON, headers=headers)

    return request


def test_a_report_goes_from_draft_to_issued(send, world):
    made = send("owner's token", "", customer=world.by_name("customer"), **LAST_MONTH).json()
    place = f"{made['id']}/"
    assert send("owner's token", place, "patch", comment=" Good. ").json()["comment"] == "Good."
    assert send("owner's token", f"{place}submit/").json()["state"] == "in_review"
    assert send("owner's token", f"{place}reopen/").json()["content_hash"] == ""
    assert send("contact's token", f"{place}release/").status_code == 404
    released = send("owner's token", f"{place}release/").json()
    assert (released["state"], len(released["content_hash"])) == ("released_by_csm", 64)
    assert send("contact's token", f"{place}release/").json()["state"] == "issued"
    sides = ReportRelease.objects.filter(report__public_id=made["id"]).order_by("pk").values_list("side", "contact")
    assert list(sides) == [("staff", None), ("customer", world.contact.pk)]


def test_what_is_released_says_no(send, world):
    place = f"{world.by_name('report')}/"
    send("owner", f"{place}release/")
    for path, method, body in (
        (place, "patch", {"comment": "x"}), (f"{place}submit/", "post", {}), (f"{place}reopen/", "post", {}),
        (f"{place}release/", "post", {}), (f"{place}issue/", "post", {}),
    ):  # fmt: skip
        answer = send("owner", path, method, **body)
        assert (answer.status_code, answer.json()["errors"][0]["code"] in ("not_now", "too_early")) == (409, True)


def test_the_customer_does_not_release_twice_nor_we_for_them(send, world):
    place = f"{world.by_name('report')}/release/"
    assert [send("owner", place).status_code for _ in range(2)] == [200, 409]
    assert [send("contact", place).status_code for _ in range(2)] == [200, 409]


def test_says_at_the_field_what_cannot_be(send, world):
    body = {"customer": world.by_name("customer"), **LAST_MONTH}
    foreign = make_customer(owner=make_user(Role.CSM))
    make_indicator(make_goal(foreign))
    count = ValueReport.objects.count()
    for wrong, error in (
        ({"customer": str(foreign.public_id)}, ("does_not_exist", "customer")),
        ({"period_end": LAST_MONTH["period_start"]}, ("invalid", "period_end")),
        ({"period_end": "2190-01-01"}, ("invalid", "period_end")),
        ({"period_start": "1990-01-01", "period_end": "1990-02-01"}, ("invalid", "period_end")),
        ({"language": "fr"}, ("invalid_choice", "language")),
        ({"state": "issued"}, ("read_only", "state")),
        ({"period": "2026-Q1"}, ("unknown_field", "period")),
    ):
        answer = send("owner", "", **{**body, **wrong})
        found = [(one["code"], one["attr"]) for one in answer.json()["errors"]]
        assert (answer.status_code, found) == (400, [error]), wrong
    assert ValueReport.objects.count() == count


def test_the_same_draft_is_continued(client, world):
    headers = bearer(make_token(world.owner))
    body = {"customer": world.by_name("customer"), **LAST_MONTH}
    ids = {client.post("/api/v1/reports/", body, content_type=JSON, headers=headers).json()["id"] for _ in range(2)}
    assert len(ids) == 1
