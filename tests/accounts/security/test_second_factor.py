"""Authenticator app, recovery codes, and the workspace's demand for a second factor."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.audit.models import AuditEntry
from accounts.models import Role
from accounts.outbox.models import OutboxMail
from accounts.outbox.rendering import render
from accounts.security.services import require_second_factor, reset_second_factors
from accounts.services import workspace
from tests.accounts.security.conftest import app_code, log_in, set_up_app
from tests.factories.accounts import PASSWORD, make_portal_access, make_user

pytestmark = pytest.mark.django_db
TODAY, SECURITY, SECOND = "dashboards:today", "mfa_index", "mfa_authenticate"


@pytest.fixture
def ada():
    return make_user(Role.CSM, password=PASSWORD)


def demand(*roles):
    row = workspace()
    row.mfa_roles = list(roles)
    row.save()


def is_logged_in(client):
    return "_auth_user_id" in client.session


def test_with_an_app_the_password_alone_opens_nothing_and_the_code_does(client, ada):
    log_in(client, ada)
    secret = set_up_app(client)
    client.post(reverse("account_logout"))

    assert log_in(client, ada).url == reverse(SECOND)
    assert (is_logged_in(client), client.get(reverse(TODAY)).status_code) == (False, 302)
    client.post(reverse(SECOND), {"code": "000000"})
    assert not is_logged_in(client)
    assert client.post(reverse(SECOND), {"code": app_code(secret, 1)}).url == reverse(TODAY)
    assert is_logged_in(client)


def test_a_code_of_the_app_opens_once(client, ada):
    log_in(client, ada)
    code = app_code(set_up_app(client), 1)
    for opened in (True, False):
        client.post(reverse("account_logout"))
        log_in(client, ada)
        client.post(reverse(SECOND), {"code": code})
        assert is_logged_in(client) == opened


def test_a_recovery_code_opens_once(client, ada):
    log_in(client, ada)
    set_up_app(client)
    code = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]
    for opened in (True, False):
        client.post(reverse("account_logout"))
        log_in(client, ada)
        client.post(reverse(SECOND), {"code": code})
        assert is_logged_in(client) == opened


def test_guessing_codes_ends_after_five_tries(client, ada):
    log_in(client, ada)
    secret = set_up_app(client)
    client.post(reverse("account_logout"))
    log_in(client, ada)
    for _number in range(5):
        client.post(reverse(SECOND), {"code": "000000"})
    client.post(reverse(SECOND), {"code": app_code(secret, 1)})
    assert not is_logged_in(client)


def test_the_key_of_the_app_is_not_readable_in_the_database(client, ada):
    log_in(client, ada)
    secret = set_up_app(client)
    stored = str(list(Authenticator.objects.filter(user=ada).values_list("data", flat=True)))
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(codes) == 10
    assert not [text for text in (secret, *codes) if text in stored]


def test_setting_up_is_audited_and_told_by_mail(client, ada, django_capture_on_commit_callbacks):
    log_in(client, ada)
    with django_capture_on_commit_callbacks(execute=True):  # allauth tells when it is stored
        set_up_app(client)
    events = list(AuditEntry.objects.filter(verb__startswith="security.").values_list("verb", "actor"))
    assert ("security.factor_added", ada.pk) in events
    message = render(OutboxMail.objects.filter(template="security-notice").first())
    assert (message.to, "second factor was added" in message.body) == ([ada.email], True)


def test_a_login_that_is_not_fresh_is_asked_for_the_password_before_anything_changes(client, ada):
    client.force_login(ada)  # no record of how
    for name in ("mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"):
        answer = client.get(reverse(name))
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, reverse("account_reauthenticate"))
    assert client.post(reverse("account_reauthenticate"), {"password": "wrong"}).status_code == 200
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


@pytest.mark.parametrize("path", ["", "customers/", "settings/", "settings/profile/", "settings/people/"])
def test_where_a_second_factor_is_a_must_nothing_else_opens_without_one(client, path):
    admin = make_user(Role.ADMIN, password=PASSWORD)
    demand("admin")
    log_in(client, admin)
    assert client.get(f"/{path}").url == reverse(SECURITY)
    assert client.post("/settings/teams/new/", {"name": "x"}).url == reverse(SECURITY)
    refused = client.get(reverse("api-customer-list"))
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (403, "second_factor_required")
    assert "asks for a second factor" in client.get(reverse(SECURITY)).content.decode()

    set_up_app(client)

    assert client.get(f"/{path}").status_code == 200
    assert client.get(reverse("api-customer-list")).status_code == 200


def test_the_demand_reaches_only_the_roles_it_names_and_no_contact(client, ada):
    demand("admin", "contact")
    for user in (ada, make_portal_access().user):
        client.force_login(user)
        assert client.get(reverse("dashboards:profile")).status_code == 200


def test_where_it_is_a_must_the_last_one_stays(client, ada):
    log_in(client, ada)
    set_up_app(client)
    demand("csm")
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=ada, type="totp").exists()
    demand()
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=ada, type="totp").exists()


def test_only_an_administrator_demands_it_and_only_of_roles_that_exist():
    admin = make_user(Role.ADMIN)
    assert require_second_factor(["lead", "admin", "lead"], by=admin).mfa_roles == ["admin", "lead"]
    for role in (Role.LEAD, Role.CSM):
        with pytest.raises(PermissionDenied):
            require_second_factor([], by=make_user(role))
    for roles in (["contact"], ["king"]):
        with pytest.raises(ValidationError):
            require_second_factor(roles, by=admin)
    assert workspace().mfa_roles == ["admin", "lead"]


def test_an_administrator_helps_who_lost_the_phone(client, ada):
    admin = make_user(Role.ADMIN)
    log_in(client, ada)
    set_up_app(client)
    other = type(client)()
    other.force_login(admin)
    other.post(reverse("person_act", args=[ada.public_id, "second-factor"]))
    assert (Authenticator.objects.count(), client.get(reverse(TODAY)).status_code) == (0, 302)
    log_in(client, ada)
    assert is_logged_in(client)
    with pytest.raises(ValidationError):
        reset_second_factors(admin, by=admin)


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", "null", '{"id": "x"}', "x" * 10_000, '{"rawId": 1, "type": []}']
)
def test_a_strange_passkey_logs_nobody_in_and_does_no_harm(client, credential):
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert (answer.status_code, is_logged_in(client)) == (302, False)


def test_a_contact_has_no_second_factor_to_set_up(client):
    client.force_login(make_portal_access().user)
    for name in ("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_change_password"):
        assert client.get(reverse(name)).status_code == 404
