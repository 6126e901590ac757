"""ETags, pages, limits and the one error shape."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from accounts.models import Role
from kvi.models import Goal
from tests.factories.accounts import make_customer, make_user
from tests.factories.kvi import make_goal
from tests.factories.rest import JSON, bearer, make_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def headers():
    return bearer(make_token(make_user(Role.ADMIN)))


@pytest.fixture
def goal():
    return make_goal()


def url(goal, verb=""):
    return f"/api/v1/goals/{goal.public_id}/{verb}"


def shape(answer):
    """Type, code and attr of the only error; fails when the shape is another."""
    body = answer.json()
    (error,) = body["errors"]
    assert (set(body), set(error), bool(error["detail"])) == ({"type", "errors"}, {"code", "detail", "attr"}, True)
    return answer.status_code, body["type"], error["code"], error["attr"]


class TestAnETag:
    def test_spares_what_is_known(self, client, headers, goal):
        tag = client.get(url(goal), headers=headers)["ETag"]
        assert tag.startswith('"')
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = client.get(url(goal), headers={**headers, "If-None-Match": known})
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
        Goal.objects.filter(pk=goal.pk).update(name="Changed in the database")
        assert client.get(url(goal), headers={**headers, "If-None-Match": tag}).status_code == 200

    @pytest.mark.parametrize(
        ("method", "verb", "body"),
        [
            ("patch", "", {"name": "Mine"}),
            ("post", "achieve/", {}),
            ("post", "review/", {"still_valid": True}),
        ],
    )
    def test_keeps_a_stale_decision_out(self, client, headers, goal, method, verb, body):
        stale = client.get(url(goal), headers=headers)["ETag"]
        Goal.objects.filter(pk=goal.pk).update(name="Changed by somebody")
        for wanted in (stale, '"nonsense"', "nonsense", ""):
            sent = {**headers, "If-Match": wanted}
            answer = getattr(client, method)(url(goal, verb), body, content_type=JSON, headers=sent)
            assert shape(answer) == (412, "client_error", "precondition_failed", None)
        goal.refresh_from_db()
        assert (goal.name, goal.state, goal.reviews.count()) == ("Changed by somebody", "agreed", 0)

    def test_lets_a_fresh_decision_through_and_names_the_new_state(self, client, headers, goal):
        tag = client.get(url(goal), headers=headers)["ETag"]
        sent = {**headers, "If-Match": tag}
        answer = client.patch(url(goal), {"name": "Mine"}, content_type=JSON, headers=sent)
        assert (answer.status_code, answer.json()["name"]) == (200, "Mine")
        assert answer["ETag"] == client.get(url(goal), headers=headers)["ETag"] != tag
        anything = {**headers, "If-Match": "*"}
        assert client.patch(url(goal), {"name": "x"}, content_type=JSON, headers=anything).status_code == 200

    def test_answers_belong_to_one_caller(self, client, headers, goal):
        assert client.get(url(goal), headers=headers)["Cache-Control"] == "private, no-cache"


class TestAPage:
    @pytest.mark.parametrize("size", ["0", "-1", "201", "1e9", "1000000000000", "x", "", "٣", "1 "])
    def test_has_a_bounded_size(self, client, headers, size):
        answer = client.get("/api/v1/goals/", {"page_size": size}, headers=headers)
        assert shape(answer) == (400, "validation_error", "invalid", "page_size")

    def test_leads_to_every_row_once(self, client, headers):
        customer = make_customer()
        wanted = {str(make_goal(customer).public_id) for _ in range(7)}
        seen, page = [], "/api/v1/goals/?page_size=3"
        while page:
            answer = client.get(page, headers=headers).json()
            seen += [row["id"] for row in answer["results"]]
            page = answer["next"]
        assert (len(seen), set(seen)) == (7, wanted)


class TestALimit:
    def test_is_the_callers_own_whatever_headers_say(self, client, settings):
        settings.API_READS_PER_MINUTE = 3
        with time_machine.travel(datetime(2026, 11, 26, 12, 0, 20, tzinfo=UTC), tick=False):
            secret, patient = (bearer(make_token(make_user(Role.ADMIN))) for _ in range(2))
            statuses = [
                client.get("/api/v1/goals/", headers={**secret, "X-Forwarded-For": f"10.0.0.{n}"}).status_code
                for n in range(5)
            ]
            assert statuses == [200, 200, 200, 429, 429]
            refused = client.get("/api/v1/goals/", headers=secret)
            assert shape(refused) == (429, "client_error", "throttled", None)
            assert refused["Retry-After"] == "40"
            assert client.get("/api/v1/goals/", headers=patient).status_code == 200
        with time_machine.travel(datetime(2026, 11, 26, 12, 1, 0, tzinfo=UTC), tick=False):
            assert client.get("/api/v1/goals/", headers=secret).status_code == 200

    def test_of_writes_stands_beside_that_of_reads(self, client, settings, headers, goal):
        settings.API_WRITES_PER_MINUTE = 1
        with time_machine.travel(datetime.now(UTC).replace(second=30), tick=False):
            sent = [client.patch(url(goal), {"name": "x"}, content_type=JSON, headers=headers) for _ in range(2)]
            assert [answer.status_code for answer in sent] == [200, 429]
            assert client.get(url(goal), headers=headers).status_code == 200

    def test_costs_one_statement(self, headers, django_assert_num_queries):
        from accounts.rest.services import count_request

        with django_assert_num_queries(1):
            assert count_request("somebody")[0] == 1
        assert count_request("somebody")[0] == 2


class TestTheErrorShape:
    def test_is_one_for_what_no_endpoint_sees(self, client):
        assert shape(client.get("/api/nonsense/")) == (404, "client_error", "not_found", None)
        assert shape(client.get("/api/v1/goals/nonsense/")) == (404, "client_error", "not_found", None)
        assert client.get("/nonsense/").headers["Content-Type"].startswith("text/html")

    def test_is_one_for_what_went_wrong_on_our_side(self, headers, goal, monkeypatch):
        def broken(*_args, **_options):
            raise RuntimeError("secret detail")

        monkeypatch.setattr("kvi.services.achieve_goal", broken)
        answer = Client(raise_request_exception=False).post(
            url(goal, "achieve/"), {}, content_type=JSON, headers=headers
        )
        assert shape(answer) == (500, "server_error", "error", None)
        assert b"secret detail" not in answer.content

    @pytest.mark.parametrize(
        ("content_type", "body", "expected"),
        [
            (JSON, b"{", (400, "client_error", "parse_error", None)),
            (JSON, b"[]", (400, "validation_error", "invalid", "non_field_errors")),
            (JSON, b"null", (400, "validation_error", "null", "non_field_errors")),
            (JSON, b'{"name": "x"}' + b" " * 300_000, (400, "client_error", "parse_error", None)),
            ("application/json; charset=utf-16", b"{}", (400, "client_error", "parse_error", None)),
            ("text/plain", b"{}", (415, "client_error", "unsupported_media_type", None)),
            ("application/x-www-form-urlencoded", b"name=x", (415, "client_error", "unsupported_media_type", None)),
            ("multipart/form-data", b"x", (415, "client_error", "unsupported_media_type", None)),
            ("multipart/form-data; boundary=x", b"--x", (415, "client_error", "unsupported_media_type", None)),
        ],
    )
    def test_of_bodies(self, client, headers, goal, content_type, body, expected):
        answer = client.generic("PATCH", url(goal), body, content_type=content_type, headers=headers)
        assert shape(answer) == expected
        client.force_login(make_user(Role.ADMIN))
        assert client.generic("PATCH", url(goal), body, content_type=content_type).status_code == expected[0]

    def test_is_in_the_callers_language(self, client, goal):
        headers = bearer(make_token(make_user(Role.ADMIN, language="de")))
        answer = client.patch(url(goal), {"weight": "0"}, content_type=JSON, headers=headers)
        assert answer.json()["errors"] == [
            {"code": "invalid", "detail": "Das Gewicht muss über 0 liegen.", "attr": "weight"}
        ]
