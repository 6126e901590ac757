"""Columns of lists: how a cell reads on the page, and as what it leaves in a file (``value``)."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, strip_tags
from django.utils.translation import get_language

NUMERIC = {"td": {"class": "text-end text-nowrap cs-number"}, "th": {"class": "text-end"}}
WHEN = {"td": {"class": "text-end text-nowrap cs-number whole"}, "th": {"class": "text-end"}}
DASH = "—"


def whole(more: str = "") -> dict[str, Any]:
    """On a phone the cell has a line of its own."""
    return {"td": {"class": f"whole {more}".strip()}}


def _tip(record: Any, bound_column: Any) -> str | None:
    """The value itself: the cell is markup already, and a tip holds text."""
    value = bound_column.accessor.resolve(record, quiet=True)
    return None if value in (None, "") else str(value)


class NameColumn(tables.Column):
    """A name on one line; the whole of it in the tip, and on a phone."""

    def __init__(self, *args: Any, narrow: bool = False, **options: Any) -> None:
        classes = "clip whole clip-narrow" if narrow else "clip whole"
        options.setdefault("attrs", {"td": {"class": classes, "title": _tip}})
        super().__init__(*args, default=options.pop("default", DASH), **options)

    def value(self, value: Any) -> str:
        return str(value)


class WordColumn(tables.Column):
    """A short word, such as a choice."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, default=options.pop("default", DASH), **options)


class CountColumn(tables.Column):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, attrs=NUMERIC, default=DASH, **options)


class DayColumn(tables.Column):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, attrs=options.pop("attrs", WHEN), default=DASH, **options)

    def render(self, value: date) -> str:
        return date_format(value, "SHORT_DATE_FORMAT")

    def value(self, value: date) -> date:
        return value


class MomentColumn(tables.Column):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, attrs=options.pop("attrs", WHEN), default=DASH, **options)

    def render(self, value: datetime) -> str:
        local = timezone.localtime(value)
        return format_html(
            '<time datetime="{}">{}</time>', local.isoformat(), date_format(local, "SHORT_DATETIME_FORMAT")
        )

    def value(self, value: datetime) -> datetime:
        return timezone.localtime(value)


class FragmentColumn(tables.Column):
    """A cell that a template draws; the file gets its words, or what ``plain`` says of the record."""

    empty_values = ()

    def __init__(
        self, template: str, *, name: str = "record", plain: Callable[[Any], Any] | None = None, **options: Any
    ) -> None:
        options.setdefault("attrs", whole())
        super().__init__(empty_values=(), **options)
        self.template, self.name, self.plain = template, name, plain

    def render(self, record: Any, table: tables.Table) -> str:
        context = {self.name: record, "LANGUAGE_CODE": get_language() or "en", **table.extra}
        return render_to_string(self.template, context)

    def value(self, record: Any, table: tables.Table) -> Any:
        if self.plain is not None:
            return self.plain(record)
        return " ".join(strip_tags(self.render(record, table)).split())
