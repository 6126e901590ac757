"""A column of readings: rounded on the page, exact in a file."""

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import get_language

from cs_portal.metrics.base import Reading
from cs_portal.metrics.display import display, reason_text

from .columns import NUMERIC


class ReadingColumn(tables.Column):
    """The record says its reading of a name; None for a row that has none."""

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(empty_values=(), attrs=NUMERIC, **options)
        self.metric = name

    def reading(self, record: Any, table: Any) -> Reading | None:
        found: Reading | None = record.reading(self.metric)
        return found

    def render(self, record: Any, table: tables.Table) -> str:
        return shown(self.reading(record, table))

    def value(self, record: Any, table: tables.Table) -> Decimal | str:
        found = self.reading(record, table)
        text = found.as_json()["value"] if found is not None else ""
        return Decimal(text) if text else ""


def shown(reading: Reading | None) -> str:
    """The displayed value; a dash that says why to those who listen."""
    if reading is not None and reading.value is not None:
        return display(reading, get_language() or "en")
    why = reason_text(reading.reason if reading else "no_data", get_language() or "en")
    return format_html('<span class="text-secondary">—<span class="visually-hidden"> ({})</span></span>', why)
