"""What a room says about its news, in its ``notices.py``: what they are called, who hears of them, how one reads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from accounts.models import Role, User
from accounts.notifications.models import Channel, Notification

COLLEAGUES = frozenset(set(Role.values) - {Role.CONTACT})
WORKERS = frozenset({Role.ADMIN, Role.LEAD, Role.CSM})


@dataclass(frozen=True)
class Shown:
    """One line in the reader's language, and where it leads."""

    text: str
    url: str


Show = Callable[[Sequence[Notification], User], dict[int, Shown]]


@dataclass(frozen=True)
class Kind:
    """``show`` describes several at once, for a constant number of queries; what it leaves out has lost its sense."""

    name: str
    label: Promise
    show: Show
    default: Channel = Channel.APP
    roles: frozenset[str] = WORKERS


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    KINDS[kind.name] = kind
    return kind
