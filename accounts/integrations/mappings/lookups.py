"""Values looked up in another source: a table in memory for each lookup."""

from collections.abc import Mapping as Dict
from collections.abc import Sequence
from typing import Any

from .errors import Refused, SourceError
from .mapping import Lookup, Mapping, Target
from .sources import CsvFile, JsonFile
from .steps import Value

MOST_KEYS = 500_000  # about 100 MB
Files = Dict[str, Sequence[CsvFile | JsonFile]]  # by source


class Found:
    """A step's view of the table: the value under a key, or why there is none."""

    def __init__(self, name: str, columns: str, values: dict[str, str], doubled: set[str]) -> None:
        self.name, self.columns, self.values, self.doubled = name, columns, values, doubled

    def __call__(self, key: str) -> str:
        if key in self.doubled:
            message = f"{self.name} has several rows with this {self.columns} that say different things; keep one."
            raise Refused("conflict", message)
        try:
            return self.values[key]
        except KeyError:
            message = f"{self.name} has no row with this {self.columns}; add it or correct the value."
            raise Refused("unknown_reference", message) from None


class Scope:
    """One source file's columns and the lookups' tables."""

    def __init__(self, file: CsvFile | JsonFile, tables: Dict[str, Found]) -> None:
        self.file, self.tables = file, tables

    def has(self, column: str) -> bool:
        return self.file.has(column)

    def column(self, name: str) -> Value:
        return self.file.column(name)

    def table(self, name: str) -> Found:
        if name not in self.tables:
            raise SourceError(f"The file is not there in which lookup {name} looks.")
        return self.tables[name]


def tables_for(mapping: Mapping, targets: Sequence[Target], files: Files) -> dict[str, Found]:
    """The tables that the targets use, each after those that it uses itself; none where an optional file is absent."""
    tables: dict[str, Found] = {}
    for name in sorted({name for target in targets for name in mapping.lookups_of(target)}):
        _build(mapping, name, files, tables)
    return tables


def _build(mapping: Mapping, name: str, files: Files, tables: dict[str, Found]) -> None:
    lookup = mapping.lookups[name]
    if name in tables or not files[lookup.source]:
        return
    for used in (*lookup.key.lookups, *lookup.value.lookups):
        _build(mapping, used, files, tables)
    values, doubled = _table(lookup, files[lookup.source], tables)
    columns = "+".join(lookup.key.origin.columns)
    tables[name] = Found(files[lookup.source][0].name, columns, values, doubled)


def _table(
    lookup: Lookup, files: Sequence[CsvFile | JsonFile], tables: Dict[str, Found]
) -> tuple[dict[str, str], set[str]]:
    """Two rows with one key that say the same are no contradiction."""
    values: dict[str, str] = {}
    doubled: set[str] = set()
    for file in files:
        key_of, value_of = (rule.bind(Scope(file, tables)) for rule in (lookup.key, lookup.value))
        for _line, row in file.rows():
            key = _or_none(key_of, row)
            value = _or_none(value_of, row) if key else None
            if key and value is not None and values.setdefault(key, value) != value:
                doubled.add(key)
            if len(values) > MOST_KEYS:
                raise SourceError(f"{file.name} has more than {MOST_KEYS:,} keys to look up; split the load.")
    return values, doubled


def _or_none(value_of: Value, row: Any) -> str | None:
    """A row that cannot be read is told of where it is loaded, not where it is looked up."""
    try:
        return None if row is None else value_of(row)
    except Refused:
        return None
