"""Files for people: CSV (RFC 4180, UTF-8) and XLSX, with nothing in them that a spreadsheet would run."""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from xlsxwriter import Workbook

# Where a spreadsheet that splits at semicolons or tabs, or reads the quotes differently, sees a cell begin.
LATER_CELL = re.compile(
    r"""
    ([;\t\r\n][ "']*)
    (?= [=@+] | -(?!\s) | -[^;\t\r\n]*[|(!] )              # a formula; "- item" is a line of a list
    (?! -?[0-9]+ (?:[.,][0-9]+)? [ "']* (?:[;\t\r\n]|$) )  # but no number
    """,
    re.VERBOSE,
)
NUMBER = re.compile(r"-?[0-9]+([.,][0-9]+)?")
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
DAYS = {"de": "dd.mm.yyyy", "en": "dd/mm/yyyy"}


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A file to download; ``name`` is ours, never the user's."""
    response = _download(f"{name}.csv", "text/csv; charset=utf-8")
    writer = csv.writer(response)
    writer.writerow([harmless(cell) for cell in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return response


def xlsx_response(name: str, title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The same as a workbook of one sheet: days and numbers stay days and numbers, everything else is text."""
    response = _download(f"{name}.xlsx", XLSX)
    response.write(workbook(title, header, rows))
    return response


def workbook(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    file = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False, "nan_inf_to_errors": True}  # fmt: skip
    with Workbook(file, options) as book:
        sheet = book.add_worksheet(sheet_name(title))
        bold, day = book.add_format({"bold": True}), DAYS.get((get_language() or "en")[:2], DAYS["en"])
        formats = {
            date: book.add_format({"num_format": day}),
            datetime: book.add_format({"num_format": f"{day} hh:mm"}),
        }
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(header) - 1, 0), 20)
        for place, cell in enumerate(header):
            sheet.write_string(0, place, _text(cell), bold)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                _write(sheet, number, place, cell, formats)
    return file.getvalue()


def _write(sheet: Any, row: int, column: int, cell: object, formats: dict[type, Any]) -> None:
    if isinstance(cell, bool) or cell is None or cell == "":
        sheet.write_string(row, column, _text(cell))
    elif isinstance(cell, (int, float, Decimal, Fraction)):
        sheet.write_number(row, column, float(cell))
    elif isinstance(cell, datetime):
        local = timezone.localtime(cell) if timezone.is_aware(cell) else cell
        sheet.write_datetime(row, column, local.replace(tzinfo=None), formats[datetime])
    elif isinstance(cell, date) and cell.year >= 1900:  # the calendar of spreadsheets begins there
        sheet.write_datetime(row, column, cell, formats[date])
    else:
        sheet.write_string(row, column, _text(cell))


def _text(cell: object) -> str:
    return NOT_IN_XML.sub("", harmless(cell))[:LONGEST_CELL]


def sheet_name(title: str) -> str:
    """At most 31 signs and none that a sheet's name must not have, nor one that begins a formula."""
    name = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).strip().strip("'")
    return name.lstrip("=+-@ ")[:31].strip("' ") or "cs_portal"


def _download(name: str, kind: str) -> HttpResponse:
    return HttpResponse(
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )


def harmless(cell: object) -> str:
    """What starts like a formula gets a quote in front, in the middle of a text as well; numbers and bullets stay."""
    text = _plain(cell)
    if NUMBER.fullmatch(text):
        return text
    first = "'" if text.lstrip(" ").startswith(RISKY) else ""
    return first + LATER_CELL.sub(r"\1'", text)


def _plain(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
