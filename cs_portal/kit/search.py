"""What can be found: every room declares its kinds and its actions in its ``search.py``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.utils.functional import Promise

from cs_portal.kit.navigation import EVERYBODY


@dataclass(frozen=True)
class Hit:
    title: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of record. ``rows`` are those that exist for a user, from the gate and nothing else.

    ``words`` are the fields that make a row found; ``beside`` may narrow it, as the customer's name does a goal.
    """

    name: str
    label: Promise
    icon: str
    place: int
    rows: Callable[[Any], QuerySet[Any]]
    words: tuple[str | Combinable, ...]
    hit: Callable[[Any], Hit]
    beside: tuple[str, ...] = ()
    roles: frozenset[str] = EVERYBODY


@dataclass(frozen=True)
class Action:
    """Something to begin at a customer that the user may write; ``url_name`` takes its public id."""

    label: Promise
    url_name: str
    icon: str


KINDS: dict[str, Kind] = {}
ACTIONS: dict[str, Action] = {}


def find(*kinds: Kind) -> None:
    KINDS.update({kind.name: kind for kind in kinds})


def begin(*actions: Action) -> None:
    ACTIONS.update({action.url_name: action for action in actions})
