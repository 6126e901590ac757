"""Which request or task is being worked on, and from where, for whoever writes a log line or the audit."""

import ipaddress
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import uuid4

import structlog

WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
KEPT_BITS = {4: 24, 6: 48}


@dataclass(frozen=True)
class Trace:
    """``origin`` is a network, never an address."""

    request_id: str = ""
    origin: str = ""


_current: ContextVar[Trace] = ContextVar("trace", default=Trace())  # noqa: B039 - frozen


def current() -> Trace:
    """What is being worked on now; empty in a shell."""
    return _current.get()


@contextmanager
def within(request_id: str, address: str = "") -> Iterator[None]:
    token = _current.set(Trace(request_id, network_of(address)))
    try:
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            yield
    finally:
        _current.reset(token)


def accepted_id(offered: str) -> str:
    """The caller's id when it is well formed, otherwise one of our own."""
    return offered if WELL_FORMED.fullmatch(offered) else uuid4().hex


def network_of(address: str) -> str:
    """The network an address belongs to (/24 or /48): enough to see a stranger, too little to find a person."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return str(ipaddress.ip_network((int(ip), KEPT_BITS[ip.version]), strict=False))
