"""CSV for people: RFC 4180, UTF-8, and nothing in it that a spreadsheet would run."""

import csv
import re
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

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


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A file to download; ``name`` is ours, never the user's."""
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.csv"',
            "Cache-Control": "private, no-store",
        },
    )
    writer = csv.writer(response)
    writer.writerow([harmless(cell) for cell in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return response


def harmless(cell: object) -> str:
    """What starts like a formula gets a quote in front, in the middle of a text as well; numbers and bullets stay."""
    text = "" if cell is None else str(cell)
    if NUMBER.fullmatch(text):
        return text
    first = "'" if text.lstrip(" ").startswith(RISKY) else ""
    return first + LATER_CELL.sub(r"\1'", text)
