"""From the file's records to the staging table: header, cells, COPY."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from cs_portal.kit.filespec import Column, FileSpec

from .columns import NULL, ColumnReader
from .outcome import FileOutcome
from .reading import MAX_ROWS, FileUnfit, Record

SQL_TYPES = {
    "int": "integer", "dec": "numeric", "bool": "boolean", "date": "date", "ts": "timestamptz", "list": "text[]",
    "shares": "numeric[]", "path": "jsonb",
}  # fmt: skip
ROWS_PER_BLOCK = 1000
CHARACTERS_PER_BLOCK = 1_000_000
Plan = list[tuple[ColumnReader, int]]  # how each column of the file is read, and its number for problems

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
    cursor.execute("SET LOCAL work_mem = '64MB'")  # a file's rows are sorted and compared as a whole
    cursor.execute("DROP TABLE IF EXISTS load_stage, load_checked")
    cursor.execute(f"CREATE TEMPORARY TABLE load_stage (line integer, bad integer{columns}) ON COMMIT DROP")


def fill_stage(cursor: Any, spec: FileSpec, header: Header, rows: Iterable[Record], zone: ZoneInfo) -> None:
    """Every record is staged, also one that cannot be stored: with what is wrong and what stands before it."""
    plan = [(ColumnReader.of(spec.column(name), zone), spec.names.index(name) * STEP) for name in header.places]
    columns = ", ".join(("line", "bad", *header.present))
    with cursor.copy(f"COPY load_stage ({columns}) FROM STDIN") as copy:
        for block in _blocks(rows):
            copy.write(_staged(plan, header, block))
    cursor.execute(f"ANALYZE load_stage ({', '.join(spec.key)})")


def _blocks(rows: Iterable[Record]) -> Iterator[list[Record]]:
    """Some rows at a time; few of those with much text, so that memory stays small whatever the file holds."""
    block: list[Record] = []
    size = 0
    for number, row in enumerate(rows, 1):
        if number > MAX_ROWS:
            raise FileUnfit("too_large", str(number), "The file has more than 5,000,000 rows; split it.")
        block.append(row)
        size += len("".join(row[1])) if row[1] else 0
        if len(block) == ROWS_PER_BLOCK or size > CHARACTERS_PER_BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block


def _staged(plan: Plan, header: Header, block: list[Record]) -> str:
    """The lines for COPY: the block's rows by column, then those that are malformed."""
    fit = [(line, fields) for line, fields in block if fields is not None and len(fields) == header.width]
    constants = "".join(f"\t{text}" for text in header.constants.values())
    whole = _columns(plan, header, fit) if fit else []
    nothing = "\t".join(("", str(MALFORMED), *[NULL] * len(plan))) + constants + "\n"
    lines = ["\t".join(cells) + constants + "\n" for cells in zip(*whole, strict=True)]
    if len(fit) < len(block):
        good = {line for line, _fields in fit}
        lines += [f"{line}{nothing}" for line, _fields in block if line not in good]
    return "".join(lines)


def _columns(plan: Plan, header: Header, rows: list[tuple[int, list[str]]]) -> list[Sequence[str]]:
    """Line, problem and cells; of a row with a problem the cells before it."""
    columns: list[Sequence[str]] = []
    bad: dict[int, tuple[int, int]] = {}  # by row: its first unfit column, the problem's number
    given = list(zip(*(fields for _line, fields in rows), strict=True))
    for place, (reader, number) in zip(header.places.values(), plan, strict=True):
        texts, problems = reader.read(given[place])
        for row, code in problems.items():
            bad.setdefault(row, (len(columns), number + CELL_CODES.index(code)))
        columns.append(texts)
    marks = [NULL] * len(rows)
    if bad:
        columns = [list(column) for column in columns]
        for row, (first, mark) in bad.items():
            marks[row] = str(mark)
            for column in columns[first:]:
                column[row] = NULL
    return [[str(line) for line, _fields in rows], marks, *columns]
