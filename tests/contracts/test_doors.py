"""What any caller may try at any door: foreign origins, forged hosts, framing, files that are none, lines in a log."""

from threading import Thread
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections
from django.test import Client
from django.urls import reverse
from kombu.exceptions import ContentDisallowed
from kombu.serialization import dumps, loads

from accounts.mails import password_reset
from accounts.models import Role
from accounts.outbox.models import OutboxMail
from cs_portal.celery import app
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.rest import JSON
from tests.factories.surveys import link, make_asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict():
    """A browser that is logged in and whose forms are checked, as in production."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user(Role.ADMIN))
    browser.get(reverse("dashboards:profile"))
    return browser


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"X-CSRFToken": "x" * 32}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://testserver"}, 302),
    ],
)
def test_a_form_from_elsewhere_changes_nothing(strict, headers, status):
    token = {"X-CSRFToken": strict.cookies["cs_csrf"].value}
    sent = headers if "X-CSRFToken" in headers or not headers else token | headers
    answer = strict.post(reverse("account_logout"), headers=sent)
    assert (answer.status_code, "_auth_user_id" in strict.session) == (status, status == 403)


def test_a_body_that_needs_no_preflight_writes_nothing(strict):
    answer = strict.generic("POST", "/api/v1/goals/", b'{"name": "x"}', content_type="text/plain")
    assert answer.status_code == 415


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:80@evil.example", "a b", ""])
def test_a_forged_host_is_refused(client, host):
    assert client.get(reverse("account_login"), headers={"Host": host}).status_code == 400


def test_a_forwarded_host_reaches_no_mail(client, settings):
    user = make_user(Role.CSM, password=PASSWORD)
    forged = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Host": "evil.example"}
    assert client.post(reverse("account_reset_password"), {"email": user.email}, headers=forged).status_code == 302
    url = password_reset(OutboxMail.objects.get())["url"]
    assert (url.startswith(f"{settings.BASE_URL}/"), "evil" in url) == (True, False)


@pytest.mark.parametrize("door", ["page", "login", "survey", "api"])
def test_no_page_is_framed_read_across_origins_or_runs_foreign_script(client, door):
    asked, admin = make_asked(), make_user(Role.ADMIN)
    if door in ("page", "api"):
        client.force_login(admin)
    path = {
        "page": reverse("dashboards:customers"),
        "login": reverse("account_login"),
        "survey": link(asked),
        "api": reverse("api-customer-list"),
    }[door]
    answer = client.get(path, headers={"Origin": "https://evil.example"})
    policy = answer.headers["Content-Security-Policy"]
    assert answer.status_code == 200
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert not [name for name in answer.headers if name.startswith("Access-Control")]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["/.env", "/.git/config", "/media/../manage.py", "/static/../cs_portal/settings.py", "/static/%2e%2e/manage.py",
     "/__debug__/", "/admin/", "/s/%00/", "/" + "x" * 20_000, "/customers/customers.css"],
)  # fmt: skip
def test_what_is_no_page_is_a_plain_404(client, path):
    client.force_login(make_user(Role.ADMIN))
    answer = client.get(path)
    assert answer.status_code in {400, 404}
    assert b"Traceback" not in answer.content
    assert b"urlpatterns" not in answer.content


def test_a_message_that_is_no_json_is_not_even_opened():
    """A pickle would run whatever its sender wrote."""
    kind, encoding, body = dumps({"id": 1}, serializer="pickle")
    assert app.conf.accept_content == ["json"]
    with pytest.raises(ContentDisallowed):
        loads(body, kind, encoding, accept=app.conf.accept_content)


def test_nobody_writes_a_second_line_into_the_log(client, caplog):
    client.get("/nonsense%0d%0aERROR%20forged%1b[31m")
    client.put("/s/x%0aERROR forged/")
    lines = [record.getMessage() for record in caplog.records]
    assert [line for line in lines if "forged" in line]
    assert not [line for line in lines if {"\n", "\r", "\x1b"} & set(line)]


def test_without_a_free_connection_it_is_said_and_the_next_one_is_served():
    pool, answers = connection.pool, []
    known = pool.get_stats()
    in_use = known["pool_size"] - known["pool_available"]
    visitor = Client(raise_request_exception=False)

    def visit():
        answers.append(visitor.get("/accounts/login/"))
        connections.close_all()

    held = [pool.getconn(timeout=30) for _free in range(pool.max_size - in_use)]
    with patch.object(pool, "timeout", 0.1):
        for _asked in range(2):
            asked = Thread(target=visit)
            asked.start()
            asked.join()
            while held:
                pool.putconn(held.pop())
    full, free = answers
    assert (full.status_code, full.headers.get("Retry-After"), free.status_code) == (503, "10", 302)
    assert settings.DATABASES["default"]["OPTIONS"]["pool"]["timeout"] <= 3, "seconds that somebody waits at most"


def refuse(*args):
    raise OperationalError("connection to server failed: password=secret")


@pytest.mark.parametrize("path", ["/accounts/login/", "/customers/", "/api/v1/customers/", "/s/unknown/"])
def test_while_the_database_is_away_it_is_said_and_when_to_come_back(path):
    visitor = Client(raise_request_exception=False)
    with connection.execute_wrapper(refuse):
        answer = visitor.get(path, headers={"Accept": JSON})
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "10")
    assert b"secret" not in answer.content
