"""Conditions as a sentence, and the choices they are made from."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .conditions import EMPTY, OPERATORS, Condition, Field, Group, Node, leaves


def choices_of(field: Field, rows: Any, user: Any) -> list[tuple[str, Any]]:
    """What the field offers, from the rows of the gate; empty for a field into which one writes."""
    if field.kind == "flag":
        return [("yes", _("Yes")), ("no", _("No"))]
    offered = field.choices(rows.order_by(), user) if field.choices else []
    return [("me", _("Me")), *offered] if field.kind == "person" else offered


def in_words(node: Node, fields: Mapping[str, Field], declared: Any, user: Any) -> str:
    """“Segment is Mid and (Phase is Retention or Owner is not set)”; a query for each field with choices."""
    rows = declared.rows(user)
    used = {leaf.field for leaf in leaves(node)}
    names = {name: dict(choices_of(fields[name], rows, user)) for name in used}
    return _group(node, fields, names) if isinstance(node, Group) else _condition(node, fields, names)


def _group(group: Group, fields: Mapping[str, Field], names: Mapping[str, dict[str, Any]]) -> str:
    joint = _(" and ") if group.operator == "and" else _(" or ")
    parts = [
        _condition(part, fields, names) if isinstance(part, Condition) else _inner(part, fields, names)
        for part in group.parts
    ]
    joined = joint.join(parts)
    return _("none of: %(parts)s") % {"parts": joined} if group.operator == "not" else joined


def _inner(group: Group, fields: Mapping[str, Field], names: Mapping[str, dict[str, Any]]) -> str:
    return f"({_group(group, fields, names)})"


def _condition(condition: Condition, fields: Mapping[str, Field], names: Mapping[str, dict[str, Any]]) -> str:
    field = fields[condition.field]
    words = f"{field.label} {OPERATORS[field.kind][condition.operator]}"
    if condition.operator in EMPTY:
        return words
    value = names[field.name].get(condition.value, condition.value)
    if field.kind in ("day", "moment"):
        value = date_format(date.fromisoformat(condition.value), "SHORT_DATE_FORMAT")
    return f"{words} {value}"
