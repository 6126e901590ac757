"""What may be done to several rows of a list at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise

Before = dict[str, Any]  # of one row, as it goes into JSON


@dataclass(frozen=True)
class Action:
    """``changeable`` are the rows of the gate that the person may change; others make the whole refused.

    ``form`` asks for what is to be set; ``before`` and ``after`` word one row for the preview. ``act`` changes the rows
    with the form's values and returns by primary key what it takes to undo that; ``undo`` gets it back.
    """

    name: str
    label: str | Promise
    form: Callable[..., forms.Form]
    changeable: Callable[[Any], QuerySet[Any]]
    before: Callable[[Any], str]
    after: Callable[[Any, Mapping[str, Any]], str]
    act: Callable[..., Mapping[int, Before]]
    undo: Callable[..., int]
    roles: frozenset[str] = frozenset({"admin", "lead", "csm"})


def named(actions: Sequence[Action], name: str) -> Action | None:
    return next((action for action in actions if action.name == name), None)
