"""Where somebody is logged in, and ending it."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts.audit.models import AuditEntry
from accounts.models import Role
from accounts.outbox.models import OutboxMail
from accounts.staff import services
from tests.accounts.security.conftest import log_in
from tests.factories.accounts import PASSWORD, make_user

pytestmark = pytest.mark.django_db
TODAY = "dashboards:today"


@pytest.fixture
def ada():
    return make_user(Role.CSM, password=PASSWORD)


@pytest.fixture
def other(client):
    return type(client)(headers={"User-Agent": "Other browser"})


def is_in(client):
    return client.get(reverse(TODAY)).status_code == 200


def test_the_list_shows_where_one_is_logged_in_and_each_can_be_ended(client, other, ada):
    for browser in (client, other):
        log_in(browser, ada)
    sessions = client.get(reverse("mfa_index")).context["sessions"]
    assert sorted(session.user_agent for session in sessions) == ["Other browser", ""] or len(sessions) == 2
    theirs = next(session for session in sessions if session.session_key == other.session.session_key)
    client.post(reverse("session_end", args=[theirs.pk]))
    assert (is_in(client), is_in(other)) == (True, False)
    assert AuditEntry.objects.get(verb="session.ended").actor == ada


def test_all_others_end_at_once(client, other, ada):
    for browser in (other, client):
        log_in(browser, ada)
    client.post(reverse("sessions_end"))
    assert (is_in(client), is_in(other)) == (True, False)


def test_ending_the_present_session_logs_out(client, ada):
    log_in(client, ada)
    session = client.get(reverse("mfa_index")).context["sessions"].get()
    assert client.post(reverse("session_end", args=[session.pk])).url == reverse("account_login")
    assert not is_in(client)


def test_nobody_ends_the_session_of_another_person(client, other, ada):
    log_in(other, ada)
    log_in(client, make_user(Role.ADMIN, password=PASSWORD))
    theirs = other.get(reverse("mfa_index")).context["sessions"].get()
    assert client.post(reverse("session_end", args=[theirs.pk])).status_code == 404
    assert is_in(other)


def test_a_new_password_ends_all_other_sessions_and_is_told(client, other, ada):
    for browser in (other, client):
        log_in(browser, ada)
    change = {"oldpassword": PASSWORD, "password1": "a new long one 7", "password2": "a new long one 7"}
    assert client.post(reverse("account_change_password"), change).url == reverse("mfa_index")
    assert (is_in(client), is_in(other)) == (True, False)
    assert AuditEntry.objects.filter(verb="security.password_changed", actor=ada).exists()
    assert OutboxMail.objects.filter(template="security-notice", user=ada).exists()


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("wrong", "a new long one 7", "a new long one 7"),
        (PASSWORD, "short", "short"),
        (PASSWORD, "a new long one 7", "x"),
    ],
)
def test_a_password_that_does_not_do_changes_nothing(client, ada, old, new, again):
    log_in(client, ada)
    data = {"oldpassword": old, "password1": new, "password2": again}
    assert client.post(reverse("account_change_password"), data).context["form"].errors
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


@pytest.mark.parametrize(
    "act",
    [
        lambda person, admin: services.deactivate(person, by=admin),
        lambda person, admin: services.change_role(person, role="viewer", by=admin),
    ],
)
def test_deactivation_and_a_change_of_role_remove_the_sessions_themselves(client, ada, act):
    log_in(client, ada)
    key = client.session.session_key
    act(ada, make_user(Role.ADMIN))
    assert (Session.objects.filter(session_key=key).exists(), is_in(client)) == (False, False)


def test_the_limit_on_passwords_is_kept_in_the_database_and_so_holds_for_all_processes(client, ada):
    from django.core.cache import cache
    from django.db import connection

    for _number in range(5):
        client.post(reverse("account_login"), {"login": ada.email, "password": "wrong"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cs_cache WHERE cache_key LIKE '%%login_failed%%'")
        assert cursor.fetchone()[0] >= 1
    log_in(client, ada)
    assert "_auth_user_id" not in client.session
    cache.clear()
    log_in(client, ada)
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_asks_a_constant_number_of_queries(client, ada, django_assert_max_num_queries, number):
    for _number in range(number):
        log_in(type(client)(), ada)
    client.force_login(ada)
    with django_assert_max_num_queries(9):
        client.get(reverse("mfa_index"))
