"""Source files as rows: CSV in the encodings that spreadsheets write, and JSON lines."""

import io
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO

from accounts.integrations.reading import Record, records

from .errors import Refused, SourceError, listed
from .mapping import Source
from .steps import Value

LONGEST_LINE = 1 << 20  # of JSON, in characters
BOMS = (b"\xff\xfe", b"\xfe\xff")
NOT_IN_WINDOWS = b"\x81\x8d\x8f\x90\x9d"

SEPARATED = " If another sign separates its columns, write it as delimiter into [source.{}]."

Row = tuple[int, Any]  # the line it begins on; None instead of what cannot be read


class Absent(SourceError):
    """The file has no such column."""


def opened(source: Source, name: str, file: BinaryIO) -> "CsvFile | JsonFile":
    return JsonFile(source, name, file) if source.format == "jsonl" else CsvFile(source, name, file)


class SourceFile:
    def __init__(self, source: Source, name: str, file: BinaryIO) -> None:
        self.source, self.name, self.file = source, name, file

    @property
    def codec(self) -> str:
        return "utf-8-sig" if self.source.encoding == "utf-8" else self.source.encoding

    def unreadable(self) -> SourceError:
        """Of a file in another encoding than the mapping says."""
        return SourceError(
            f"{self.name} is not {self.source.encoding.upper()}. {self._looks()}; save it as UTF-8, or copy the "
            f'mapping and write encoding = "windows-1252" or "utf-16" into its [source.{self.source.name}].'
        )

    def _looks(self) -> str:
        self.file.seek(0)
        sample = self.file.read(1 << 20)
        if sample[:2] in BOMS or sample[:200].count(b"\0") > len(sample[:200]) // 4:
            return "It looks like UTF-16"
        if b"\0" in sample:
            return "It holds NUL bytes, as no text does"
        if any(byte in sample for byte in NOT_IN_WINDOWS):
            return "It is no text in Windows-1252 either"
        return "It looks like Windows-1252, as spreadsheets write it"


class CsvFile(SourceFile):
    def __init__(self, source: Source, name: str, file: BinaryIO) -> None:
        super().__init__(source, name, file)
        head = next(self._records(), None)
        fields = (head[1] if head else None) or []
        if any("\0" in field for field in fields):
            raise self.unreadable()
        if not any(fields):
            raise SourceError(f"{name} has no header line; its first line must name the columns.")
        self.names = [field.strip() for field in fields]
        self.places = {column.casefold(): place for place, column in reversed([*enumerate(self.names)])}
        self.doubled = {column for column, times in Counter(map(str.casefold, self.names)).items() if times > 1}

    def has(self, column: str) -> bool:
        return column.casefold() in self.places

    def column(self, column: str) -> Value:
        """Trimmed, as the contract's are; raises Absent."""
        key = column.casefold()
        if key not in self.places:
            hint = SEPARATED.format(self.source.name) if len(self.names) == 1 else ""
            raise Absent(f"{self.name} has no column {column!r}; it has {listed(self.names)}.{hint}")
        if key in self.doubled:
            raise SourceError(f"{self.name} has two columns {column!r}; rename one of them.")
        place = self.places[key]
        return lambda row: row[place].strip()

    def rows(self) -> Iterator[Row]:
        lines = self._records()
        next(lines, None)
        width = len(self.names)
        for line, fields in lines:
            yield line, fields if fields is not None and len(fields) == width else None

    def _records(self) -> Iterator[Record]:
        try:
            yield from records(self.file, self.codec, self.source.delimiter)
        except UnicodeError:
            raise self.unreadable() from None


class Decimals(float):
    """A number with its digits as they were written."""

    text: str


def _decimals(text: str) -> Decimals:
    number = Decimals(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("too large")
    number.text = text
    return number


def _refused(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


DECODER = json.JSONDecoder(parse_float=_decimals, parse_constant=_refused)


class JsonFile(SourceFile):
    """One object a line; ``properties.plan`` is the value of plan in the object at properties."""

    def has(self, column: str) -> bool:
        return True

    def column(self, column: str) -> Value:
        if "." in column:
            return lambda row: said(at(row, column))
        return lambda row: said(row.get(column))

    def rows(self) -> Iterator[Row]:
        try:
            for line, text in self._lines():
                if text is None or text.strip():
                    yield line, None if text is None else parsed(text)
        except UnicodeError:
            raise self.unreadable() from None

    def _lines(self) -> Iterator[tuple[int, str | None]]:
        self.file.seek(0)
        lines = io.TextIOWrapper(self.file, self.codec, newline="\n")
        number, begun = 1, False
        try:
            while text := lines.readline(LONGEST_LINE):
                whole = text.endswith("\n") or len(text) < LONGEST_LINE
                if not begun:
                    yield number, text if whole else None
                begun = not whole
                number += whole
        finally:
            if not self.file.closed:
                lines.detach()


def parsed(text: str) -> Any:
    """The object in the line; None when there is none."""
    try:
        row = DECODER.decode(text)
    except (ValueError, RecursionError):  # no JSON, a number of thousands of digits, nested without end
        return None
    return row if isinstance(row, dict) else None


def at(value: Any, path: str) -> Any:
    """A key that has dots itself wins over a path; 0 is a list's first."""
    if not isinstance(value, dict):
        return _of_list(value, path) if isinstance(value, list) else None
    if path in value:
        return value[path]
    head, dot, rest = path.partition(".")
    while dot:
        if head in value and (found := at(value[head], rest)) is not None:
            return found
        more, dot, rest = rest.partition(".")
        head = f"{head}.{more}"
    return None


def _of_list(value: list[Any], path: str) -> Any:
    place, _dot, rest = path.partition(".")
    found = value[int(place)] if place.isdecimal() and len(place) < 6 and int(place) < len(value) else None
    return at(found, rest) if rest else found


def said(value: Any) -> str:
    """Objects and lists stay JSON."""
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, Decimals):
        return value.text
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        raise Refused("bad_value", "The value is nested too deeply; correct it.") from None
