"""One id goes through log, audit and answer; of an address only its network stays."""

import logging

import pytest
from django.urls import reverse

from cs_portal.celery import app
from cs_portal.kit.logs import RequestId
from cs_portal.kit.tracing import Trace, accepted_id, current, network_of, within


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("127.0.0.1", "127.0.0.0/24"),
        ("", ""),
        ("somewhere", ""),
    ],
)
def test_of_an_address_its_network_stays(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize("offered", ["", "short", "x" * 65, "with space", "line\r\nbreak", "ümlaut-1234", "-1234567"])
def test_an_id_that_is_not_well_formed_is_replaced(offered):
    made = accepted_id(offered)
    assert made != offered
    assert len(made) == 32


@pytest.mark.django_db
def test_a_callers_id_comes_back_and_a_missing_one_is_made(client):
    own = client.get("/healthz", headers={"X-Request-ID": "edge-0001.abc"})["X-Request-ID"]
    made = {client.get(reverse("account_login"))["X-Request-ID"] for _twice in range(2)}
    assert own == "edge-0001.abc"
    assert len(made) == 2


def test_what_is_traced_ends_with_its_block():
    with within("request-1", "203.0.113.77"):
        assert current() == Trace("request-1", "203.0.113.0/24")
    assert current() == Trace()


def test_a_log_line_ends_with_the_id():
    line = logging.LogRecord("x", logging.WARNING, "", 0, "hello", (), None)
    with within("request-1"):
        RequestId().filter(line)
    assert logging.Formatter("%(message)s%(request_mark)s").format(line) == "hello [request-1]"


def test_a_task_is_traced_by_its_own_id():
    @app.task(name="tests.traced")
    def traced():
        return current().request_id

    assert traced.apply(task_id="task-0001").get() == "task-0001"
