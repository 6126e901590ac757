"""What must be in the audit: ways in and out, exports, sends; by id, with request and network, without addresses."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.audit.models import AuditEntry
from accounts.audit.queries import history
from accounts.login_codes import code_for
from accounts.models import Role
from accounts.outbox.models import OutboxMail
from accounts.outbox.services import send_due
from accounts.portal_services import invite_contact, revoke_access
from reports import services as reports
from tests.factories.accounts import PASSWORD, make_contact, make_customer, make_portal_access, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests():
    cache.clear()


def recorded(verb):
    rows = AuditEntry.objects.filter(verb=verb).order_by("pk")
    return [(row.actor_id, row.target_type, row.target_id, row.details) for row in rows]


def log_in(client, email, password=PASSWORD):
    return client.post(
        reverse("account_login"), {"login": email, "password": password},
        REMOTE_ADDR="203.0.113.77", headers={"X-Request-ID": "login-0001"},
    )  # fmt: skip


def test_a_login_and_a_logout(client):
    user = make_user(Role.CSM, password=PASSWORD)
    log_in(client, user.email)
    client.post(reverse("account_logout"))
    for verb in ("login.succeeded", "login.ended"):
        assert recorded(verb) == [(user.pk, "accounts.user", str(user.pk), {})]
    entry = AuditEntry.objects.get(verb="login.succeeded")
    assert (entry.origin, entry.request_id) == ("203.0.113.0/24", "login-0001")


def test_a_failed_login_by_id_only(client):
    user = make_user(Role.CSM, password=PASSWORD)
    log_in(client, user.email.upper(), "wrong")
    log_in(client, "nobody@vendor.example", "wrong")
    assert recorded("login.failed") == [
        (None, "accounts.user", str(user.pk), {}),
        (None, "accounts.workspace", "True", {}),
    ]
    assert not [row for row in AuditEntry.objects.values() if "@" in str(row) or PASSWORD in str(row)]


def test_a_wrong_code_and_a_right_one(client):
    access = make_portal_access(make_contact(email="anna@customer.example"))
    client.post(reverse("account_request_login_code"), {"email": "anna@customer.example"})
    client.post(reverse("account_confirm_login_code"), {"code": "WRNG-CODE"})
    code = code_for(OutboxMail.objects.get(template="login-code").context["nonce"])
    client.post(reverse("account_confirm_login_code"), {"code": code})
    person = str(access.user_id)
    assert recorded("login.failed") == [(None, "accounts.user", person, {"code": True})]
    assert recorded("login.succeeded") == [(access.user_id, "accounts.user", person, {})]


def test_a_new_password(client):
    user = make_user(Role.CSM, password=PASSWORD)
    client.post(reverse("account_reset_password"), {"email": user.email})
    send_due()
    from django.core import mail

    [link] = [word for word in mail.outbox[0].body.split() if "/reset/key/" in word]
    page = client.get(link.replace("http://localhost:8000", ""), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": "another good one 17", "password2": "another good one 17"})
    assert recorded("password.changed") == [(user.pk, "accounts.user", str(user.pk), {})]


def test_an_export_says_which_list_and_how_long_but_not_what(client):
    make_customer(name="Secret Ltd")
    analyst = make_user(Role.ANALYST)
    client.force_login(analyst)
    answer = client.get(reverse("dashboards:customers_csv"), {"period": "2026-01"})
    assert b"Secret Ltd" in answer.content
    said = {"file": "customers-2026-01-01-2026-01-31", "rows": 1}
    assert recorded("export.made") == [(analyst.pk, "accounts.workspace", "True", said)]


def test_a_refused_export_is_none(client):
    client.force_login(make_user(Role.VIEWER))
    assert client.get(reverse("dashboards:customers_csv")).status_code == 403
    assert recorded("export.made") == []


def test_access_given_and_taken():
    lead, contact = make_user(Role.LEAD), make_contact(email="kim@kunde.example")
    access = invite_contact(contact, role="user", by=lead)
    revoke_access(access, by=lead)
    assert recorded("portal.invited") == [
        (lead.pk, "accounts.portalaccess", str(access.pk), {"contact": contact.pk, "role": "user"})
    ]
    assert recorded("portal.revoked") == [(lead.pk, "accounts.portalaccess", str(access.pk), {"contact": contact.pk})]


def test_a_report_that_was_sent(told):
    report = reports.release_by_csm(told.draft(), by=told.csm)
    assert recorded("report.sent") == []
    send_due()
    mail = OutboxMail.objects.get(template="report-released")
    details = {"mail": mail.pk, "contact": mail.contact_id}
    assert recorded("report.sent") == [(None, "reports.valuereport", str(report.pk), details)]


class TestHistory:
    def test_names_are_those_of_today(self):
        anna = make_user(Role.LEAD, name="Anna")
        contact = make_contact(email="kim@kunde.example")
        access = invite_contact(contact, role="user", by=anna)
        type(anna).objects.update(name="Anna Berg")
        assert [line.text for line in history(access)] == ["Anna Berg gave a contact access to the portal"]
        type(anna).objects.update(is_active=False)
        assert [line.text for line in history(access)] == ["A former colleague gave a contact access to the portal"]

    def test_a_contact_who_left_is_a_former_contact(self, told):
        report = reports.release_by_csm(told.draft(), by=told.csm)
        reports.release_by_customer(report, access=told.sponsor)
        type(told.sponsor.user).objects.filter(pk=told.sponsor.user_id).update(is_active=False)
        texts = [line.text for line in history(report)]
        assert "A former contact released the value report for the customer" in texts
        assert texts[0] == "The value report was issued"

    @pytest.mark.parametrize("count", [1, 30])
    def test_one_query_however_long(self, count, django_assert_num_queries):
        contact = make_contact(email="kim@kunde.example")
        for _number in range(count):
            access = invite_contact(contact, role="user", by=make_user(Role.LEAD))
        with django_assert_num_queries(1):
            assert len(history(access)) == count
