"""Tokens: shown once, stored as a digest, dead at once with whatever they stand for."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.audit.models import AuditEntry
from accounts.models import Role
from accounts.rest.models import ApiToken
from accounts.rest.services import MOST_TOKENS, create_token, revoke_token, revoke_tokens_of
from cs_portal.kit.logs import MaskSecrets
from tests.factories.accounts import act_as_contact, make_contact, make_customer, make_portal_access, make_user
from tests.factories.rest import JSON, bearer, make_token, token_of

pytestmark = pytest.mark.django_db
CUSTOMERS = "/api/v1/customers/"


@pytest.fixture
def csm():
    return make_user(Role.CSM)


@pytest.fixture
def stranger():
    """A client without a session: the token alone decides."""
    return Client()


def status(client, secret, url=CUSTOMERS):
    return client.get(url, headers=bearer(secret)).status_code


def test_a_token_reads_what_its_owner_sees(stranger, csm):
    mine, _others = make_customer(owner=csm), make_customer()
    answer = stranger.get(CUSTOMERS, headers=bearer(make_token(csm)))
    assert [row["id"] for row in answer.json()["results"]] == [str(mine.public_id)]


def test_only_its_digest_is_stored(csm):
    secret = make_token(csm)
    row = ApiToken.objects.filter(pk=token_of(secret).pk).values().get()
    assert secret.startswith("csp_")
    assert len(secret) == len("csp_") + 64
    assert not any(secret[15:] in str(value) for value in row.values())


def test_whatever_makes_it_invalid_is_one_answer(stranger, csm):
    revoked, unknown = make_token(csm), "csp_" + "0" * 64
    revoke_token(token_of(revoked), by=csm)
    expired = make_token(csm)
    ApiToken.objects.filter(pk=token_of(expired).pk).update(expiry=datetime(2026, 1, 1, tzinfo=UTC))
    gone = make_user(Role.CSM)
    deactivated = make_token(gone)
    gone.is_active = False
    gone.save()
    answers = [stranger.get(CUSTOMERS, headers=bearer(one)) for one in (revoked, unknown, expired, deactivated, "x")]
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.content for answer in answers} == {answers[0].content}
    assert answers[0].json()["errors"][0]["code"] == "authentication_failed"
    assert answers[0]["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer \xff\xfe", "Basic YTpi", "csp_", "Token csp_x"])
def test_a_header_that_is_none_is_401(stranger, header):
    assert stranger.get(CUSTOMERS, headers={"Authorization": header}).status_code == 401


@pytest.mark.parametrize("name", ["token", "access_token", "api_key", "key", "Authorization"])
def test_a_token_in_the_query_string_is_never_accepted(stranger, csm, name):
    secret = make_token(csm)
    for value in (secret, f"Bearer {secret}"):
        assert stranger.get(CUSTOMERS, {name: value}).status_code == 401


def test_logs_hold_no_token(csm):
    import logging

    secret = make_token(csm)
    line = logging.LogRecord("x", logging.INFO, "x", 1, "GET /api/v1/?token=%s&a=1", (secret,), None)
    MaskSecrets().filter(line)
    assert line.getMessage() == "GET /api/v1/?token=csp_…&a=1"


def test_a_token_that_may_read_writes_nothing(stranger, csm):
    customer = make_customer(owner=csm)
    body = {"customer": str(customer.public_id), "name": "Goal", "start_date": "2026-01-01"}
    for scope, expected in (("read", 403), ("write", 201)):
        headers = bearer(make_token(csm, scope=scope))
        answer = stranger.post("/api/v1/goals/", body, content_type=JSON, headers=headers)
        assert answer.status_code == expected
    assert customer.goals.count() == 1


def test_a_role_that_was_lost_is_lost_for_the_token_too(stranger):
    lead = make_user(Role.LEAD)
    customer, secret = make_customer(), make_token(lead)
    body = {"customer": str(customer.public_id), "name": "Goal", "start_date": "2026-01-01"}
    lead.role = Role.VIEWER
    lead.save()
    answer = stranger.post("/api/v1/goals/", body, content_type=JSON, headers=bearer(secret))
    assert (answer.status_code, customer.goals.count()) == (403, 0)


def test_the_last_use_is_noted_once_a_minute(stranger, csm):
    secret = make_token(csm)
    noon = datetime.now(UTC).replace(microsecond=0)
    seen = []
    for seconds in (0, 30, 59, 61):
        with time_machine.travel(noon + timedelta(seconds=seconds), tick=False):
            status(stranger, secret)
            seen.append((token_of(secret).last_used_at - noon).seconds)
    assert seen == [0, 0, 0, 61]


class TestAContactsToken:
    def test_acts_for_the_company_it_was_made_for(self, stranger):
        one, other = make_contact(email="kim@kunde.example"), make_contact(email="kim@kunde.example")
        access, _second = make_portal_access(one), make_portal_access(other)
        answer = stranger.get(CUSTOMERS, headers=bearer(make_token(access.user, access=access)))
        assert [row["id"] for row in answer.json()["results"]] == [str(one.customer.public_id)]

    def test_ends_with_the_access_the_contact_and_the_address(self, stranger):
        for field, value in (("revoked_at", datetime(2026, 1, 1, tzinfo=UTC)), ("active", False), ("email", "x@y.de")):
            access = make_portal_access()
            secret = make_token(access.user, access=access)
            assert status(stranger, secret) == 200
            if field == "revoked_at":
                type(access).objects.filter(pk=access.pk).update(revoked_at=value)
            else:
                name = {"active": "is_active"}.get(field, field)
                type(access.contact).objects.filter(pk=access.contact_id).update(**{name: value})
            assert status(stranger, secret) == 401, field

    def test_needs_a_company(self):
        with pytest.raises(ValidationError, match="company"):
            make_token(make_portal_access().user)


def test_a_session_of_two_companies_sees_the_chosen_one(client):
    one, other = make_contact(email="kim@kunde.example"), make_contact(email="kim@kunde.example")
    make_portal_access(one)
    act_as_contact(client, make_portal_access(other))
    assert [row["id"] for row in client.get(CUSTOMERS).json()["results"]] == [str(other.customer.public_id)]


def test_making_and_revoking_is_audited_without_the_secret(csm):
    secret = make_token(csm)
    token = token_of(secret)
    revoke_token(token, by=csm)
    revoke_token(token, by=csm)
    entries = AuditEntry.objects.filter(target_type="rest.apitoken", target_id=str(token.pk)).order_by("pk")
    assert [entry.verb for entry in entries] == ["token.created", "token.revoked"]
    assert secret[4:15] not in str([entry.details for entry in entries])


def test_a_person_has_a_bounded_number_and_all_end_together(stranger, csm):
    secrets = [make_token(csm) for _ in range(MOST_TOKENS)]
    with pytest.raises(ValidationError, match="already"):
        make_token(csm)
    assert revoke_tokens_of(csm, by=make_user(Role.ADMIN)) == MOST_TOKENS
    assert status(stranger, secrets[0]) == 401
    make_token(csm)


def test_two_clicks_are_one_token(csm):
    key = uuid4()
    make_token(csm, key=key)
    with pytest.raises(ValidationError, match="used before"):
        make_token(csm, key=key)
    assert ApiToken.objects.count() == 1


def test_a_page_session_still_needs_a_csrf_token(csm):
    client = Client(enforce_csrf_checks=True)
    client.force_login(csm, backend="django.contrib.auth.backends.ModelBackend")
    body = {"customer": str(make_customer(owner=csm).public_id), "name": "Goal", "start_date": "2026-01-01"}
    assert client.post("/api/v1/goals/", body, content_type=JSON).status_code == 403
    client.get(reverse("rest:tokens"))
    sent = {"X-CSRFToken": client.cookies["cs_csrf"].value}
    assert client.post("/api/v1/goals/", body, content_type=JSON, headers=sent).status_code == 201


class TestThePage:
    def test_shows_the_secret_once(self, client, csm):
        client.force_login(csm)
        page = client.get(reverse("rest:tokens"))
        form = {"name": "Nightly sync", "scope": "write", "days": "30", "key": page.context["form"]["key"].value()}
        made = client.post(reverse("rest:tokens"), form)
        secret = made.context["secret"]
        assert secret in made.content.decode()
        assert "no-store" in made["Cache-Control"]
        again = client.get(reverse("rest:tokens")).content.decode()
        assert "Nightly sync" in again
        assert secret not in again
        assert status(Client(), secret) == 200

    def test_says_what_is_wrong_and_makes_nothing(self, client, csm):
        client.force_login(csm)
        for wrong in ({"name": ""}, {"scope": "admin"}, {"days": "9999"}, {"name": "a\nb"}, {"key": "x"}):
            form = {"name": "x", "scope": "read", "days": "30", "key": str(uuid4()), **wrong}
            assert client.post(reverse("rest:tokens"), form).status_code == 422
        assert ApiToken.objects.count() == 0

    def test_ends_ones_own_and_an_administrator_anybodys(self, client, csm):
        other, admin = make_user(Role.CSM), make_user(Role.ADMIN)
        secret = make_token(csm)
        url = reverse("rest:token_revoke", args=[token_of(secret).public_id])
        for who, answer, live in ((other, 404, True), (admin, 302, False)):
            client.force_login(who)
            assert client.post(url).status_code == answer
            assert (token_of(secret).revoked_at is None) is live

    def test_of_the_administrator_lists_everybodys(self, client, csm, django_assert_num_queries):
        client.force_login(make_user(Role.ADMIN))
        make_token(csm, name="Warehouse")
        client.get(reverse("rest:all_tokens"))
        with django_assert_num_queries(6):
            page = client.get(reverse("rest:all_tokens")).content.decode()
        for number in range(29):
            make_token(make_user(Role.CSM), name=f"Program {number}")
        with django_assert_num_queries(6):
            assert "Program 28" in client.get(reverse("rest:all_tokens")).content.decode()
        assert "Warehouse" in page
        assert str(csm) in page

    def test_of_a_contact_names_the_company(self, client):
        access = make_portal_access()
        act_as_contact(client, access)
        form = {"name": "x", "scope": "read", "days": "30", "key": str(uuid4())}
        assert client.post(reverse("rest:tokens"), form).status_code == 200
        assert access.contact.customer.name in client.get(reverse("rest:tokens")).content.decode()


def test_own_tokens_are_read_with_one_query(csm, django_assert_num_queries):
    from accounts.rest.queries import tokens_of

    for _number in range(3):
        create_token(csm, key=uuid4(), name="x", scope="read", days=30)
    with django_assert_num_queries(1):
        assert len([token.name for token in tokens_of(csm)]) == 3
