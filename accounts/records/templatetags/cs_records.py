"""Records in lists: the fields a kind shows, and their names."""

from collections.abc import Iterable
from typing import Any

from django import template

from accounts.records.custom import CustomColumn
from accounts.records.registry import Kind
from cs_portal.kit.worded import worded

register = template.Library()


Cell = tuple[str, str, bool]  # heading, text, whether it is a number


@register.simple_tag
def headings(kind: Kind, extra: Iterable[CustomColumn] = ()) -> list[tuple[str, bool]]:
    """Names of the shown fields, and whether they are numbers."""
    fields = [kind.field(name) for name in kind.shown]
    own = [(column.label, column.kind == "number") for column in extra or ()]
    return [(str(field.verbose_name), is_number(field)) for field in fields] + own


@register.simple_tag
def cells(row: Any, kind: Kind, extra: Iterable[CustomColumn] = ()) -> list[Cell]:
    fields = [kind.field(name) for name in kind.shown]
    own = [(column.label, worded(column.value(row)), column.kind == "number") for column in extra or ()]
    return [(str(field.verbose_name), shown(row, field.name), is_number(field)) for field in fields] + own


@register.filter
def custom_value(row: Any, column: CustomColumn) -> str:
    return worded(column.value(row))


def is_number(field: Any) -> bool:
    return field.get_internal_type() in ("DecimalField", "IntegerField")


def shown(row: Any, name: str) -> str:
    """A field's value as people read it: choices in words."""
    display = getattr(row, f"get_{name}_display", None)
    return worded(display() if display else getattr(row, name))


@register.filter
def undo_address(tags: str) -> str:
    """Where a message's undo button posts to; empty without one."""
    _before, found, url = f" {tags or ''}".partition(" undo ")
    return url.split(" ")[0] if found else ""
