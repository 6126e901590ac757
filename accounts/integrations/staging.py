"""From the file's records to the staging table: header, cells, COPY."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from cs_portal.kit.filespec import Column, FileSpec

from .cells import Converter, Unfit, converter
from .outcome import FileOutcome
from .reading import MAX_ROWS, FileUnfit, Record

SQL_TYPES = {
    "int": "integer", "dec": "numeric", "bool": "boolean", "date": "date", "ts": "timestamptz", "list": "text[]",
    "shares": "numeric[]", "path": "jsonb",
}  # fmt: skip
NULL = r"\N"
ROWS_PER_WRITE = 500

# A cell's problem is one number: 16 times the column's place, plus the code's. A malformed row has no column.
MALFORMED = -1
CELL_CODES = ("missing_value", "bad_value", "out_of_range", "too_long", "nonexistent_time")
STEP = 16


def sql_type(column: Column) -> str:
    return SQL_TYPES.get(column.type, "text")


@dataclass(frozen=True)
class Header:
    """``places`` says where the file holds a column of the contract, in the contract's order."""

    width: int
    places: dict[str, int]
    constants: dict[str, str]

    @property
    def present(self) -> tuple[str, ...]:
        return (*self.places, *self.constants)


def read_header(spec: FileSpec, record: Record | None, outcome: FileOutcome) -> Header:
    """Unknown columns become warnings. Raises FileUnfit for a file without the columns it must have."""
    fields = record[1] if record else None
    if fields is None:
        raise FileUnfit("no_header", "", "The file has no header line; its first line must name the columns.")
    names = [field.strip().lower() for field in fields]
    missing = [column.name for column in spec.columns if column.required and column.name not in names]
    if missing:
        raise FileUnfit("missing_column", ", ".join(missing), "The header lacks a required column; add it.")
    doubled = sorted(name for name, times in Counter(names).items() if name and times > 1)
    if doubled:
        raise FileUnfit("duplicate_column", ", ".join(doubled), "The header names a column twice; keep one of them.")
    for name in names:
        if name not in spec.names:
            outcome.warn(name, "unknown_column", name, "The contract has no such column here; it is ignored.")
    places = {name: names.index(name) for name in spec.names if name in names}
    absent_keys = (column for column in spec.columns if column.name in spec.key and column.name not in places)
    return Header(len(names), places, {column.name: column.default or NULL for column in absent_keys})


def create_stage(cursor: Any, spec: FileSpec) -> None:
    """All columns of the contract, so that SQL may name one that this file lacks."""
    columns = "".join(f", {column.name} {sql_type(column)}" for column in spec.columns)
    cursor.execute("DROP TABLE IF EXISTS load_stage, load_checked")
    cursor.execute(f"CREATE TEMPORARY TABLE load_stage (line integer, bad integer{columns}) ON COMMIT DROP")


def fill_stage(cursor: Any, spec: FileSpec, header: Header, rows: Iterable[Record], zone: ZoneInfo) -> None:
    """Every record is staged, also one that cannot be stored: with what is wrong and what stands before it."""
    lines = _staged(spec, header, _counted(rows), zone)
    columns = ", ".join(("line", "bad", *header.present))
    with cursor.copy(f"COPY load_stage ({columns}) FROM STDIN") as copy:
        while block := "".join(islice(lines, ROWS_PER_WRITE)):
            copy.write(block)
    cursor.execute("ANALYZE load_stage")


def _counted(rows: Iterable[Record]) -> Iterator[Record]:
    for number, row in enumerate(rows, 1):
        if number > MAX_ROWS:
            raise FileUnfit("too_large", str(number), "The file has more than 5,000,000 rows; split it.")
        yield row


def _staged(spec: FileSpec, header: Header, rows: Iterable[Record], zone: ZoneInfo) -> Iterator[str]:
    plan = [_cell(spec, name, place, zone) for name, place in header.places.items()]
    constants = list(header.constants.values())
    nothing = [NULL] * len(plan)
    for line, fields in rows:
        if fields is None or len(fields) != header.width:
            yield _copy_line(line, str(MALFORMED), nothing, constants)
            continue
        bad, cells = NULL, []
        try:
            for place, convert, empty, _number in plan:
                text = fields[place].strip()
                cells.append(convert(text) if text else empty)
                if cells[-1] is None:
                    raise Unfit("missing_value")
        except Unfit as problem:
            index = len([cell for cell in cells if cell is not None])
            bad = str(plan[index][3] + CELL_CODES.index(problem.code))
            cells = cells[:index] + nothing[index:]
        yield _copy_line(line, bad, cells, constants)


def _copy_line(line: int, bad: str, cells: list[str], constants: list[str]) -> str:
    return "\t".join((str(line), bad, *cells, *constants)) + "\n"


def _cell(spec: FileSpec, name: str, place: int, zone: ZoneInfo) -> tuple[int, Converter, str | None, int]:
    """Where it stands, how it is read, what an empty one means (None: it must not be), its number for problems."""
    column = spec.column(name)
    convert = converter(column, zone)
    empty = NULL if column.default is None else convert(column.default)
    return place, convert, None if column.required else empty, spec.columns.index(column) * STEP
