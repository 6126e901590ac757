"""Logging in with the company's own login service."""

import time

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.audit.models import AuditEntry
from accounts.models import Role, StaffInvitation, User
from accounts.services import workspace
from accounts.staff.services import invite_colleague
from tests.accounts.sso.provider import OTHER_KEY, Provider, serve
from tests.factories.accounts import make_contact, make_portal_access, make_user

pytestmark = pytest.mark.django_db
BEGIN, BACK = "/accounts/login/sso/", "/accounts/login/sso/callback/"


@pytest.fixture
def provider(settings):
    cache.clear()
    provider = Provider()
    server = serve(provider)
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = provider.issuer, "portal", "s3cret"
    yield provider
    server.shutdown()
    server.server_close()


@pytest.fixture
def ada():
    return make_user(Role.CSM, email="ada@vendor.example", name="Ada Berg")


def log_in(client, provider, following=""):
    begun = client.get(BEGIN, {"next": following})
    return client.get(f"{BACK}?{provider.log_in(begun.url)}")


def is_in(client):
    return "_auth_user_id" in client.session


def test_a_colleague_comes_in_with_the_verified_address_and_keeps_role_and_name(client, provider, ada):
    answer = log_in(client, provider, "/customers/")
    assert (answer.status_code, answer.url, is_in(client)) == (302, "/customers/", True)
    assert provider.asked["redirect_uri"].endswith(BACK)
    assert list(User.objects.values_list("email", "role", "name")) == [(ada.email, "csm", "Ada Berg")]
    assert AuditEntry.objects.get(verb="login.succeeded").target_id == str(ada.pk)


def test_an_address_that_only_the_profile_tells_counts_when_it_is_the_same_persons(client, provider, ada):
    provider.claims = {"email": None, "email_verified": None}
    provider.profile = {"sub": "somebody else", "email": ada.email, "email_verified": True}
    assert log_in(client, provider).status_code == 403
    provider.profile["sub"] = "u-1"
    assert log_in(client, provider).status_code == 302


NOW = int(time.time())
WRONG = {
    "nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "issuer": {"iss": "http://127.0.0.1:1"},
    "audience": {"aud": "another"},
    "for several": {"aud": ["portal", "another"], "azp": "another"},
    "expired": {"exp": NOW - 600, "iat": NOW - 900},
    "unverified": {"email_verified": False},
    "verified in words": {"email_verified": "true"},
    "unknown": {"email": "eve@vendor.example"},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_whatever_is_wrong_with_the_token_nobody_comes_in_and_reads_why(client, provider, ada, wrong):
    provider.claims = WRONG[wrong]
    answer = log_in(client, provider)
    assert (answer.status_code, is_in(client), User.objects.count()) == (403, False, 1)
    assert "The login did not work" in answer.content.decode()
    assert AuditEntry.objects.filter(verb="login.failed").count() == 1


def test_a_foreign_signature_is_refused(client, provider, ada):
    provider.key = OTHER_KEY
    assert (log_in(client, provider).status_code, is_in(client)) == (403, False)


def test_a_provider_of_another_name_or_none_at_all_is_said(client, provider, ada, settings):
    provider.announces = "http://evil.example"
    assert client.get(BEGIN).status_code == 403
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    assert "cannot be reached" in client.get(BEGIN).content.decode()


def test_the_answer_belongs_to_the_session_that_asked_and_is_good_once(client, provider, ada, django_user_model):
    begun = client.get(BEGIN)
    query = provider.log_in(begun.url)
    assert client.__class__().get(f"{BACK}?{query}").status_code == 403
    assert client.get(f"{BACK}?{query}x").status_code == 403
    assert client.get(f"{BACK}?{query}").status_code == 403
    assert not is_in(client)


def test_who_says_no_at_the_provider_reads_that_it_was_cancelled(client, provider):
    client.get(BEGIN)
    assert "was cancelled" in client.get(BACK, {"error": "access_denied"}).content.decode()


@pytest.mark.parametrize("who", ["deactivated", "contact"])
def test_neither_a_deactivated_colleague_nor_a_contact_comes_in(client, provider, who):
    if who == "contact":
        make_portal_access(make_contact(email="ada@vendor.example"))
    else:
        make_user(Role.ADMIN, email="ada@vendor.example", is_active=False)
    assert (log_in(client, provider).status_code, is_in(client)) == (403, False)


@pytest.mark.parametrize(("domains", "status"), [(["vendor.example"], 302), (["other.example"], 403)])
def test_only_allowed_domains(client, provider, ada, settings, domains, status):
    settings.OIDC_DOMAINS = domains
    assert log_in(client, provider).status_code == status


def test_somebody_new_becomes_a_viewer_where_the_settings_say_so(client, provider, settings):
    settings.OIDC_CREATES_VIEWERS = True
    assert log_in(client, provider).status_code == 302
    assert list(User.objects.values_list("email", "role", "name")) == [("ada@vendor.example", "viewer", "Ada")]


def test_coming_in_accepts_an_invitation(client, provider):
    admin = make_user(Role.ADMIN)
    invite_colleague(email="ada@vendor.example", name="Ada", role=Role.LEAD, by=admin)
    assert log_in(client, provider).status_code == 302
    assert StaffInvitation.objects.get().accepted_at is not None


@pytest.mark.parametrize(("vouched", "led_to"), [(False, "/settings/security/"), (True, None)])
def test_a_second_factor_stays_a_must_unless_the_settings_trust_the_providers(
    client, provider, ada, settings, vouched, led_to
):
    row = workspace()
    row.mfa_roles = ["csm"]
    row.save()
    settings.OIDC_IS_SECOND_FACTOR = vouched
    log_in(client, provider)
    page = client.get("/customers/")
    assert (page.status_code, page.get("Location")) == ((302, led_to) if led_to else (200, None))


def test_the_login_page_leads_to_the_provider_and_keeps_where_one_wanted_to_go(client, provider, settings):
    make_user(Role.ADMIN)
    settings.OIDC_NAME = "Nordwind <ID>"
    page = client.get(reverse("account_login"), {"next": "/customers/?a=1&b=2"}).content.decode()
    assert "log in with Nordwind &lt;ID&gt;" in page
    assert f'href="{BEGIN}?next=/customers/%3Fa%3D1%26b%3D2"' in page


def test_without_settings_there_is_no_such_door(client):
    make_user(Role.ADMIN)
    assert BEGIN not in client.get(reverse("account_login")).content.decode()
    assert [client.get(BEGIN).status_code, client.get(BACK).status_code] == [404, 404]
