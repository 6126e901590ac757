"""Ways in and out, and what they tell strangers."""

import re
from datetime import timedelta
from urllib.parse import urlparse

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.login_codes import code_for
from accounts.mails import password_reset
from accounts.models import Role
from accounts.outbox.models import OutboxMail
from cs_portal.kit.logs import MaskSecrets
from tests.factories.accounts import PASSWORD, make_contact, make_customer, make_portal_access, make_user

pytestmark = pytest.mark.django_db
LOGIN, CODE, CONFIRM = "account_login", "account_request_login_code", "account_confirm_login_code"


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests():
    cache.clear()


def post_password(client, email, password=PASSWORD, **more):
    return client.post(reverse(LOGIN), {"login": email, "password": password, **more})


def ask_for_code(client, email, **more):
    return client.post(reverse(CODE), {"email": email, **more})


def sent_code():
    return code_for(OutboxMail.objects.get(template="login-code").context["nonce"])


def is_logged_in(client):
    return "_auth_user_id" in client.session


def without_token(answer):
    return re.sub(rb'(name="csrfmiddlewaretoken" value="|x-csrftoken": ")[^"]*', b"", answer.content)


# --- colleagues ---------------------------------------------------------------------------------


def test_a_colleague_logs_in_by_password_and_comes_to_today(client):
    user = make_user(Role.CSM, password=PASSWORD)
    answer = post_password(client, user.email.upper())
    assert (answer.status_code, answer.url) == (302, reverse("dashboards:today"))
    assert is_logged_in(client)


def test_logging_in_changes_the_session_key(client):
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    post_password(client, make_user(Role.CSM, password=PASSWORD).email)
    assert client.session.session_key != before


def test_a_wrong_password_an_unknown_address_and_a_deactivated_person_get_the_same_page(client):
    known = make_user(Role.CSM, password=PASSWORD, email="same@vendor.example")
    pages = []
    for is_active, password in ((True, "wrong"), (False, PASSWORD), (None, PASSWORD)):
        if is_active is None:
            type(known).objects.filter(pk=known.pk).update(email="other@vendor.example")
        else:
            type(known).objects.filter(pk=known.pk).update(is_active=is_active)
        answer = post_password(client, "same@vendor.example", password)
        pages.append((answer.status_code, without_token(answer)))
        assert not is_logged_in(client)
    assert pages[0] == pages[1] == pages[2]


def test_a_deactivated_person_is_out_at_once(client):
    user = make_user(Role.CSM)
    client.force_login(user)
    assert client.get(reverse("api-customer-list")).status_code == 200
    type(user).objects.update(is_active=False)
    assert client.get(reverse("api-customer-list")).status_code == 401


def test_five_wrong_passwords_close_the_door_for_that_address(client):
    user = make_user(Role.CSM, password=PASSWORD)
    for _number in range(5):
        post_password(client, user.email, "wrong")
    post_password(client, user.email)
    assert not is_logged_in(client)


def test_a_forged_forwarding_header_does_not_reset_the_limit(client):
    for number in range(12):
        answer = client.post(
            reverse(LOGIN),
            {"login": f"nobody-{number}@vendor.example", "password": "wrong"},
            headers={"X-Forwarded-For": f"10.0.0.{number}"},
        )
    assert b"Too many" in answer.content


@pytest.mark.parametrize("password", ["x" * 100_000, "with\x00nul", "\U0001f600" * 20_000])
def test_strange_passwords_do_no_harm(client, password):
    assert post_password(client, "nobody@vendor.example", password).status_code == 200
    assert not is_logged_in(client)


def test_leaving_needs_a_post(client):
    client.force_login(make_user(Role.CSM))
    assert client.get(reverse("account_logout")).status_code == 405
    assert is_logged_in(client)
    assert client.post(reverse("account_logout")).status_code == 302
    assert not is_logged_in(client)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "http:evil.example", "http:///evil.example", "https:/evil.example", "javascript:alert(1)", "data:text/html,x",
        "http://testserver@evil.example/", "http://testserver.evil.example/", "https://localhost:9999/", "//localhost/",
        "/%5cevil.example/..//..", " //evil.example", "\t//evil.example", "/\t/evil.example", "ftp://evil.example",
        "http://127.0.0.1/",
    ],
)  # fmt: skip
def test_after_login_only_our_own_paths_are_followed(client, target):
    user = make_user(Role.CSM, password=PASSWORD)
    answer = post_password(client, user.email, next=target)
    assert answer.status_code == 302
    assert answer.url in {reverse("dashboards:today"), target if target.startswith("/%5c") else ""}


def test_after_login_a_path_of_ours_is_followed(client):
    user = make_user(Role.CSM, password=PASSWORD)
    assert post_password(client, user.email, next="/customers/?q=a").url == "/customers/?q=a"


@pytest.mark.parametrize(
    "path",
    ["signup/", "email/", "inactive/", "confirm-email/", "password/change/", "password/set/", "reauthenticate/", ""],
)
def test_what_we_do_not_offer_is_not_there(client, path):
    assert client.get(f"/accounts/{path}").status_code == 404


# --- contacts -----------------------------------------------------------------------------------


def test_an_invited_contact_logs_in_with_the_code_and_comes_to_the_portal(client):
    access = make_portal_access(make_contact(email="anna@customer.example", language="de"))

    answer = ask_for_code(client, "Anna@customer.example")

    assert (answer.status_code, answer.url) == (302, reverse(CONFIRM))
    mail = OutboxMail.objects.get()
    assert (mail.template, mail.user, mail.language, list(mail.context)) == (
        "login-code", access.user, "de", ["nonce"],
    )  # fmt: skip
    assert sent_code() not in str(vars(mail))
    answer = client.post(reverse(CONFIRM), {"code": sent_code().lower()})
    assert (answer.status_code, answer.url) == (302, reverse("dashboards:portal_home"))
    access.refresh_from_db()
    assert access.last_used_at is not None


def test_who_gets_no_code_sees_the_same_pages_as_who_does(client):
    """Unknown, colleague, contact never invited, revoked, left, address changed."""
    addresses = {"known@customer.example": True}
    make_portal_access(make_contact(email="known@customer.example"))
    addresses["unknown@customer.example"] = False
    addresses[make_user(Role.ADMIN).email] = False
    addresses[make_contact().email] = False
    revoked = make_portal_access(make_contact(), revoked_at="2026-01-01T00:00:00Z")
    addresses[revoked.user.email] = False
    for change in ({"is_active": False}, {"email": "new@customer.example"}):
        access = make_portal_access()
        type(access.contact).objects.filter(pk=access.contact.pk).update(**change)
        addresses[access.user.email] = False

    pages = set()
    for address, gets_mail in addresses.items():
        client.cookies.clear()
        OutboxMail.objects.all().delete()
        answer = ask_for_code(client, address)
        page = client.get(answer.url)
        shown = without_token(page).replace(address.encode(), b"ADDRESS")
        pages.add((answer.status_code, answer.url, page.status_code, shown))
        assert OutboxMail.objects.exists() == gets_mail, address
        client.post(reverse(CONFIRM), {"code": "WRNG-CODE"})
        assert not is_logged_in(client)
    assert len(pages) == 1


def test_three_wrong_codes_end_the_attempt(client):
    make_portal_access(make_contact(email="anna@customer.example"))
    ask_for_code(client, "anna@customer.example")
    for _number in range(3):
        client.post(reverse(CONFIRM), {"code": "WRNG-CODE"})
    client.post(reverse(CONFIRM), {"code": sent_code()})
    assert not is_logged_in(client)


def test_a_code_works_once_and_only_in_the_browser_that_asked(client):
    make_portal_access(make_contact(email="anna@customer.example"))
    ask_for_code(client, "anna@customer.example")
    code = sent_code()
    other = type(client)()
    other.post(reverse(CONFIRM), {"code": code})
    assert not is_logged_in(other)
    client.post(reverse(CONFIRM), {"code": code})
    assert is_logged_in(client)
    client.post(reverse("account_logout"))
    client.post(reverse(CONFIRM), {"code": code})
    assert not is_logged_in(client)


def test_a_code_expires(client):
    make_portal_access(make_contact(email="anna@customer.example"))
    ask_for_code(client, "anna@customer.example")
    code = sent_code()
    with time_machine.travel(timezone.now() + timedelta(seconds=601)):
        client.post(reverse(CONFIRM), {"code": code})
    assert not is_logged_in(client)


def test_access_that_ends_between_asking_and_entering_the_code_opens_nothing(client):
    access = make_portal_access(make_contact(email="anna@customer.example"))
    ask_for_code(client, "anna@customer.example")
    code = sent_code()
    type(access).objects.update(revoked_at="2026-01-01T00:00:00Z")
    client.post(reverse(CONFIRM), {"code": code})
    assert not is_logged_in(client)


def test_a_contact_has_no_password_to_reset(client):
    access = make_portal_access()
    answer = client.post(reverse("account_reset_password"), {"email": access.user.email})
    assert (answer.status_code, answer.url) == (302, reverse("account_reset_password_done"))
    assert not OutboxMail.objects.exists()


def test_a_contact_of_two_companies_chooses_one_and_acts_only_for_it(client):
    accesses = [
        make_portal_access(make_contact(make_customer(name=name), email="both@customer.example"))
        for name in ("Alpha", "Beta")
    ]
    ask_for_code(client, "both@customer.example")
    answer = client.post(reverse(CONFIRM), {"code": sent_code()})
    assert answer.url == reverse("portal_choose")
    assert client.get(reverse("dashboards:portal_home")).status_code == 302

    answer = client.post(reverse("portal_choose"), {"access": accesses[1].public_id})

    assert answer.url == reverse("dashboards:portal_home")
    assert client.get(answer.url).context["customer"].name == "Beta"
    client.post(reverse("portal_choose"), {"access": accesses[0].public_id})
    assert client.get(answer.url).context["customer"].name == "Alpha"


@pytest.mark.parametrize("chosen", ["", "nonsense", "foreign"])
def test_nobody_chooses_a_company_that_is_not_theirs(client, chosen):
    access = make_portal_access()
    foreign = make_portal_access()
    client.force_login(access.user)
    value = foreign.public_id if chosen == "foreign" else chosen
    assert client.post(reverse("portal_choose"), {"access": value}).status_code == 404


# --- a new password -----------------------------------------------------------------------------


def test_known_and_unknown_addresses_get_the_same_answer_to_a_forgotten_password(client):
    user = make_user(Role.CSM, password=PASSWORD)
    answers = set()
    for address in (user.email, "unknown@vendor.example"):
        answer = client.post(reverse("account_reset_password"), {"email": address})
        answers.add((answer.status_code, answer.url, answer.content))
    assert len(answers) == 1
    mail = OutboxMail.objects.get()
    assert (mail.template, mail.user, mail.context) == ("password-reset", user, {})


def reset_path(user):
    """The path in the mail to this person."""
    user.refresh_from_db()
    mail = OutboxMail.objects.create(
        key=str(user.pk), purpose="login", template="password-reset", language="en", user=user, due_at=timezone.now()
    )
    return urlparse(password_reset(mail)["url"]).path


def set_password(client, path, password="another long horse battery"):
    """Open the link as it was mailed, and send the form behind it."""
    form = client.get(path)
    return client.post(form.url, {"password1": password, "password2": password}) if form.status_code == 302 else form


def test_a_new_password_ends_every_session_and_the_link_works_once(client):
    user = make_user(Role.CSM, password=PASSWORD)
    post_password(client, user.email)
    browser, path = type(client)(), reset_path(user)
    type(client)().get(path)
    type(client)().head(path)  # a mail scanner spends nothing
    assert set_password(browser, path).url == reverse("account_reset_password_from_key_done")
    assert client.get(reverse("api-customer-list")).status_code == 401
    user.refresh_from_db()
    assert user.check_password("another long horse battery")
    again = set_password(type(client)(), path, "a third long horse battery")
    assert (again.status_code, b"password1" in again.content) == (200, False)
    user.refresh_from_db()
    assert user.check_password("another long horse battery")


@pytest.mark.parametrize("alter", [lambda p: p[:-2] + "/", lambda p: p.swapcase(), lambda p: p.replace("-", "x-", 1)])
def test_an_altered_link_to_a_new_password_opens_nothing(client, alter):
    user = make_user(Role.CSM, password=PASSWORD)
    prefix, secret = reset_path(user).split("/key/")
    answer = set_password(client, f"{prefix}/key/{alter(secret)}")
    assert (answer.status_code, b"password1" in answer.content) == (200, False)


def test_the_link_to_a_new_password_is_dead_after_a_change_and_for_another_person(client):
    user, other = make_user(Role.CSM, password=PASSWORD), make_user(Role.CSM, password=PASSWORD)
    path = reset_path(user)
    key = path.rpartition("/key/")[2].partition("-")[2]
    others = reset_path(other).rpartition("-")[0].rpartition("-")[0]
    assert set_password(client, f"{others}-{key}").status_code == 200
    user.set_password("changed in between")
    user.save()
    assert set_password(client, path).status_code == 200


def test_asking_for_a_new_password_writes_and_wakes_whoever_asks(client, django_capture_on_commit_callbacks):
    """So that the time it takes does not tell who is known (never a timed assertion)."""
    user = make_user(Role.CSM, password=PASSWORD)
    done = []
    for address in (user.email, "unknown@vendor.example", make_portal_access().user.email):
        with django_capture_on_commit_callbacks() as woken, CaptureQueriesContext(connection) as queries:
            client.post(reverse("account_reset_password"), {"email": address})
        writes = [
            query for query in queries if query["sql"].startswith(("INSERT", "UPDATE")) and "cs_cache" in query["sql"]
        ]
        done.append((len(woken), bool(writes)))
    assert done == [(1, True)] * 3


def test_a_form_from_before_the_login_is_refused_in_words(client):
    browser = type(client)(enforce_csrf_checks=True)
    browser.force_login(make_user(Role.CSM, language="de"))
    answer = browser.post(reverse("account_logout"))
    assert answer.status_code == 403
    assert "Laden Sie die Seite neu" in answer.content.decode()
    assert b"csrf" not in answer.content.lower().replace(b"csrfmiddlewaretoken", b"").replace(b"x-csrftoken", b"")
    assert is_logged_in(browser)


def test_the_link_to_a_new_password_is_in_no_log_line(client, caplog):
    path = reset_path(make_user(Role.CSM))
    type(client)(enforce_csrf_checks=True).post(path)
    mask = MaskSecrets()
    lines = [record.getMessage() for record in caplog.records if mask.filter(record)]
    assert [line for line in lines if "/reset/key/…/" in line]
    assert not [line for line in lines if path.split("/")[-2] in line]


def test_many_other_addresses_do_not_push_a_closed_door_out_of_the_cache(client):
    user = make_user(Role.CSM, password=PASSWORD)
    for _number in range(5):
        post_password(client, user.email, "wrong")
    for number in range(400):
        cache.set(f"another-counter-{number}", number)
    post_password(client, user.email)
    assert not is_logged_in(client)


# --- behind a proxy -------------------------------------------------------------------------------


def tries(client, number, forwarded):
    return [
        client.post(
            reverse(LOGIN), {"login": f"nobody{place}@vendor.example", "password": "wrong"},
            headers={"X-Forwarded-For": forwarded(place)},
        ).status_code
        for place in range(number)
    ]  # fmt: skip


@pytest.mark.parametrize("proxies", [[], ["127.0.0.1"]])
def test_a_forged_header_does_not_get_around_the_limit(client, settings, proxies):
    settings.TRUSTED_PROXIES = proxies
    assert tries(client, 40, lambda place: f"192.0.2.{place}, 198.51.100.1")[-1] == 429


def test_people_behind_one_trusted_proxy_are_counted_apart(client, settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    assert 429 not in tries(client, 40, lambda place: f"192.0.2.{place}")


@pytest.mark.parametrize(("origin", "status"), [(django_settings.BASE_URL, 302), ("https://evil.example", 403)])
def test_a_form_from_the_address_in_the_settings_is_taken_though_the_proxy_asks_another(origin, status):
    browser, user = Client(enforce_csrf_checks=True), make_user(Role.ADMIN, password=PASSWORD)
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', browser.get(reverse(LOGIN)).content.decode())[1]
    form = {"login": user.email, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert browser.post(reverse(LOGIN), form, headers={"origin": origin}).status_code == status
