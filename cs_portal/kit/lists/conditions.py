"""Nested conditions in the URL: ``?where=["and", ["segment","is","Mid"], ["not", ["phase","is","retention"]]]``.

Only declared fields and operators, bounded in length, depth and number. What cannot be read is refused with a
sentence, never left out: a list with half its conditions would show what was not asked for.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST, DEEPEST, MOST, LONGEST_VALUE = 3000, 4, 20, 200
OLDEST, NEWEST = date(1970, 1, 1), date(2199, 12, 31)


class BadConditions(ValueError):
    """Its text is a sentence for the reader."""


@dataclass(frozen=True)
class Field:
    """``path`` leads over single-valued relations only, so that no row is found twice.

    ``kind`` is one of OPERATORS. ``choices`` offers values from the rows of the gate for the person who looks.
    ``clean`` folds a text as its column is folded.
    """

    name: str
    label: str | Promise
    kind: str
    path: str
    choices: Callable[[QuerySet[Any], Any], list[tuple[str, Any]]] | None = None
    clean: Callable[[str], str] | None = None


@dataclass(frozen=True)
class Condition:
    field: str
    operator: str
    value: str = ""


@dataclass(frozen=True)
class Group:
    """``and``: all of its parts; ``or``: at least one; ``not``: none."""

    operator: str
    parts: tuple["Node", ...]


Node = Condition | Group
GROUPS = {"and": gettext_lazy("all of these"), "or": gettext_lazy("any of these"), "not": gettext_lazy("none of these")}
IS, IS_NOT = gettext_lazy("is"), gettext_lazy("is not")
EMPTY = {"empty": gettext_lazy("is not set"), "filled": gettext_lazy("is set")}
OPERATORS: Mapping[str, Mapping[str, Any]] = {
    "text": {"contains": gettext_lazy("contains"), "is": IS, "starts": gettext_lazy("starts with"), **EMPTY},
    "choice": {"is": IS, "isnt": IS_NOT, **EMPTY},
    "person": {"is": IS, "isnt": IS_NOT, **EMPTY},
    "day": {"on": gettext_lazy("is on"), "from": gettext_lazy("is on or after"), "before": gettext_lazy("is before"),
            **EMPTY},
    "moment": {"on": gettext_lazy("is on"), "from": gettext_lazy("is on or after"),
               "before": gettext_lazy("is before"), **EMPTY},
    "number": {"is": IS, "least": gettext_lazy("is at least"), "most": gettext_lazy("is at most"), **EMPTY},
    "flag": {"is": IS},
}  # fmt: skip
FLAGS = ("no", "yes")
LOOKUPS = {"contains": "icontains", "starts": "istartswith", "from": "gte", "before": "lt", "least": "gte",
           "most": "lte", "on": "exact", "is": "exact"}  # fmt: skip


def parse(text: str, fields: Mapping[str, Field]) -> Group | None:
    """The conditions of a URL as a group; None without any. Raises BadConditions."""
    if not text:
        return None
    if len(text) > LONGEST or deepest(text) > DEEPEST + 1:
        raise BadConditions(_("These conditions are too long or too deeply nested."))
    try:
        node = _node(json.loads(text))
    except (ValueError, RecursionError):
        raise BadConditions(_("The conditions in this address cannot be read. Please set them again.")) from None
    found = list(leaves(node))
    if len(found) > MOST:
        raise BadConditions(_("Please use at most %(most)s conditions.") % {"most": MOST})
    for condition in found:
        check(condition, fields)
    return node if isinstance(node, Group) else Group("and", (node,))


def deepest(text: str) -> int:
    """How deeply brackets nest, before anything is read."""
    depth = most = 0
    for sign in text:
        depth += (sign in "[{") - (sign in "]}")
        most = max(most, depth)
    return most


def _node(said: Any) -> Node:
    if not isinstance(said, list) or not said or not isinstance(said[0], str):
        raise ValueError
    if said[0] in GROUPS and len(said) > 1:
        return Group(said[0], tuple(_node(part) for part in said[1:]))
    if len(said) not in (2, 3) or not all(isinstance(part, str) for part in said):
        raise ValueError
    return Condition(*said)


def leaves(node: Node) -> Iterator[Condition]:
    if isinstance(node, Condition):
        yield node
    else:
        for part in node.parts:
            yield from leaves(part)


def check(condition: Condition, fields: Mapping[str, Field]) -> None:
    """Raises BadConditions for an unknown field, an operator it has not, or a value that is none."""
    field = fields.get(condition.field)
    if field is None:
        raise BadConditions(_("There is no field “%(name)s” to filter by here.") % {"name": condition.field[:40]})
    if condition.operator not in OPERATORS[field.kind]:
        words = {"field": field.label, "name": condition.operator[:40]}
        raise BadConditions(_("“%(field)s” cannot be compared with “%(name)s”.") % words)
    if condition.operator not in EMPTY:
        value_of(field, condition.value)


def value_of(field: Field, text: str) -> Any:
    """What the text means for the field. Raises BadConditions."""
    text = text.strip()
    if not text or "\x00" in text or len(text) > LONGEST_VALUE:
        raise BadConditions(_("Please say to what “%(field)s” is compared.") % {"field": field.label})
    try:
        return _read(field, text)
    except (ValueError, InvalidOperation):
        words = {"field": field.label, "value": text[:40]}
        raise BadConditions(_("“%(value)s” is no value of “%(field)s”.") % words) from None


def _read(field: Field, text: str) -> Any:
    if field.kind in ("day", "moment"):
        day = date.fromisoformat(text)
        if not OLDEST <= day <= NEWEST:
            raise ValueError
        return day
    if field.kind == "number":
        number = Decimal(text.replace(",", "."))
        if not number.is_finite() or abs(number.adjusted()) > 18:
            raise ValueError
        return number
    if field.kind == "flag":
        return FLAGS.index(text) == 1
    if field.kind == "person" and text != "me":
        return UUID(text)
    return field.clean(text) if field.clean else text


def as_q(node: Node, fields: Mapping[str, Field], user: Any) -> Q:
    """The conditions over rows whose gate has been passed already: they can only narrow."""
    if isinstance(node, Condition):
        return _comparison(fields[node.field], node, user)
    parts = [as_q(part, fields, user) for part in node.parts]
    if node.operator == "and":
        return Q(*parts)
    any_of = Q(pk__in=[])
    for part in parts:
        any_of |= part
    return any_of if node.operator == "or" else ~any_of


def _comparison(field: Field, condition: Condition, user: Any) -> Q:
    if condition.operator in EMPTY:
        unset = _unset(field)
        return unset if condition.operator == "empty" else ~unset
    value = value_of(field, condition.value)
    if value == "me" and field.kind == "person":
        value = user.public_id
    if field.kind == "moment":
        return _at(field.path, condition.operator, value)
    lookup = (
        "iexact" if field.kind == "text" and condition.operator == "is" else LOOKUPS.get(condition.operator, "exact")
    )
    found = Q(**{f"{field.path}__{lookup}": value})
    return ~found if condition.operator == "isnt" else found


def _unset(field: Field) -> Q:
    unset = Q(**{f"{field.path}__isnull": True})
    return unset | Q(**{field.path: ""}) if field.kind in ("text", "choice") else unset


def _at(path: str, operator: str, day: date) -> Q:
    """Days of the reader's zone, for a column that holds moments."""
    start, end = (timezone.make_aware(datetime.combine(one, time())) for one in (day, day + timedelta(days=1)))
    if operator == "on":
        return Q(**{f"{path}__gte": start, f"{path}__lt": end})
    return Q(**{f"{path}__{LOOKUPS[operator]}": start})


def text_of(node: Node) -> str:
    """The conditions as they stand in a URL."""
    return json.dumps(_plain(node), ensure_ascii=False, separators=(",", ":"))


def _plain(node: Node) -> list[Any]:
    if isinstance(node, Condition):
        return [node.field, node.operator, *([] if node.operator in EMPTY else [node.value])]
    return [node.operator, *map(_plain, node.parts)]
