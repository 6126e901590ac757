"""Readings as JSON, CSV and a table for people (metrics.md, section 16 rule 5)."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

from cs_portal.kit.exports import harmless
from cs_portal.metrics.base import Reading
from cs_portal.metrics.display import MINUS, display
from kvi.catalog import CATALOGUE_VERSION
from kvi.metric_requests import MetricRequest

CSV_HEADER = (
    "metric", "level", "subject", "period_start", "period_end", "value", "unit", "numerator", "denominator", "n",
    "interval_low", "interval_high", "reason", "variant", "as_of",
)  # fmt: skip
TABLE_HEADER = ("metric", "subject", "value", "n", "reason", "variant")


def written(request: MetricRequest) -> str:
    """The answer in the format asked for; the same text from command and API."""
    return WRITERS[request.format](request, request.answer())


def as_json(request: MetricRequest, readings: Sequence[Reading]) -> str:
    settings = request.scope.settings
    envelope: dict[str, Any] = {
        "catalogue_version": CATALOGUE_VERSION,
        "reporting_currency": settings.reporting_currency,
        "time_zone": settings.time_zone,
        "results": [reading.as_json() for reading in readings],
    }
    if request.owner is not None:
        envelope["filter"] = {"owner": request.owner}  # an ad-hoc population is never taken for the portfolio
    return json.dumps(envelope, ensure_ascii=False, indent=2) + "\n"


def as_csv(_request: MetricRequest, readings: Sequence[Reading]) -> str:
    """RFC 4180; a name that a spreadsheet would run as a formula gets a quote in front."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(CSV_HEADER)
    writer.writerows(_csv_row(reading.as_json()) for reading in readings)
    return text.getvalue()


def _csv_row(reading: dict[str, Any]) -> list[Any]:
    low, high = reading["interval"] or (None, None)
    flat = {
        **reading,
        "period_start": reading["period"]["start"],
        "period_end": reading["period"]["end"],
        "interval_low": low,
        "interval_high": high,
    }
    return [harmless(flat[key]) for key in CSV_HEADER]


def as_table(_request: MetricRequest, readings: Sequence[Reading]) -> str:
    rows = [TABLE_HEADER, *(_table_row(reading) for reading in readings)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(TABLE_HEADER))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines) + "\n"


def _table_row(reading: Reading) -> tuple[str, ...]:
    n = "" if reading.n is None else str(reading.n)
    value = "" if reading.value is None else display(reading, "en").replace(MINUS, "-")  # a terminal may know no other
    return reading.metric, reading.subject or "", value, n, reading.reason or "", reading.variant


WRITERS: dict[str, Callable[[MetricRequest, Sequence[Reading]], str]] = {
    "json": as_json,
    "csv": as_csv,
    "table": as_table,
}
