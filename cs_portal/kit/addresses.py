"""Where a request comes from: the one answer for limits, audit, sessions and probes."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


def client_address(request: HttpRequest) -> str:
    """The peer's address; behind trusted proxies the right-most one of X-Forwarded-For that is none of them.

    Everything further left is what the sender wrote. Empty when there is no address, as over a socket file.
    """
    peer = parsed(request.META.get("REMOTE_ADDR", ""))
    if peer is None or not is_trusted(peer):
        return str(peer or "")
    nearest = peer
    for text in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        address = parsed(text)
        if address is None:
            return str(nearest)
        if not is_trusted(address):
            return str(address)
        nearest = address
    return str(nearest)


def is_direct_from_here(request: HttpRequest) -> bool:
    """From this machine and through nobody: through a proxy on it everybody would come from here."""
    peer = parsed(request.META.get("REMOTE_ADDR", ""))
    return peer is not None and peer.is_loopback and not any(name in request.headers for name in FORWARDED)


def is_trusted(address: Address) -> bool:
    return any(address in network for network in networks(settings.TRUSTED_PROXIES))


def networks(texts: Iterable[str]) -> list[Network]:
    """Raises ValueError for what is neither an address nor a network."""
    return [ip_network(text.strip()) for text in texts]


def parsed(text: str) -> Address | None:
    """An address with or without port; one of IPv4 written as IPv6 is the same address."""
    text = text.strip().removeprefix("[").partition("]")[0]
    if text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
