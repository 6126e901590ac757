"""Who asks: a forwarding header counts only as far as trusted proxies wrote it."""

import pytest
from django.test import RequestFactory

from cs_portal.kit.addresses import client_address

PROXIES = ["10.0.0.0/8", "2001:db8:1::/48", "127.0.0.1"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # no proxy of ours
        ("10.0.0.2", None, "10.0.0.2"),
        ("10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "1.2.3.4, 198.51.100.1", "198.51.100.1"),  # the sender wrote the first
        ("10.0.0.2", "1.2.3.4, 198.51.100.1, 10.0.0.9", "198.51.100.1"),  # through two proxies
        ("10.0.0.2", "10.0.0.3, 10.0.0.9", "10.0.0.3"),
        ("10.0.0.2", "198.51.100.1, nonsense", "10.0.0.2"),
        ("10.0.0.2", "198.51.100.1:4711", "198.51.100.1"),
        ("2001:db8:1::5", "[2001:db8:77::1]:443", "2001:db8:77::1"),
        ("::ffff:10.0.0.2", "::ffff:198.51.100.1", "198.51.100.1"),
        ("", "198.51.100.1", ""),
        ("unix:", "198.51.100.1", ""),
    ],
)
def test_the_right_most_address_that_is_no_proxy_of_ours(settings, peer, forwarded, found):
    settings.TRUSTED_PROXIES = PROXIES
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)) == found


def test_without_the_setting_no_header_counts():
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": "198.51.100.1"})
    assert client_address(request) == "127.0.0.1"
