"""What a file of the import contract is: columns in the contract's own notation, and its row rules as SQL.

Apps declare their files with this; the loader engine knows nothing else. SQL fragments see the *effective* row:
for a known key the file's value where the file has the column and the stored value where it has not, otherwise
the file's value or the default. Names are those of the contract; a reference holds the primary key, ``NAME_old``
what is stored, ``stored_id`` the stored row's key (null: a new row); ``derived`` also knows ``NAME_said``, what the
file says (null: nothing, or no such column). Parameters: %(zone)s, %(currency)s (the
reporting currency), %(run)s (the LoadRun) and %(admin)s (whether agreements and confirmations may be loaded).
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from django.db import models

# metrics.md, section 15: what a known key never changes, and which numbers may be negative
FIXED = frozenset({"customer", "survey", "goal", "kvi"})
SIGNED = frozenset(
    {
        "score", "scale_min", "baseline", "target", "range_low", "range_high", "value",
        "value_factor_conservative", "value_factor_expected",
    }
)  # fmt: skip
TYPES = frozenset({"id", "str", "text", "int", "dec", "bool", "date", "ts", "cur", "list", "shares", "path", "object"})
NOT_AN_OBJECT = "!"  # what a row rule finds where a column of this type holds no JSON object
NOTATION = re.compile(r"(?P<name>\w+) (?P<type>[\w|]+)(?P<required>!?)(?:=(?P<default>\w+))?")


@dataclass(frozen=True)
class Column:
    """``words`` are the allowed ones of a word column; ``default`` is contract text, e.g. ``"1"`` or ``"base"``."""

    name: str
    type: str
    required: bool = False
    default: str | None = None
    words: tuple[str, ...] = ()

    @property
    def signed(self) -> bool:
        return self.name in SIGNED

    @property
    def fixed(self) -> bool:
        return self.name in FIXED


def columns(notation: str) -> tuple[Column, ...]:
    """``"external_id id!, kind base|addon=base, is_test bool=false"``, as metrics.md writes it."""
    return tuple(_column(part.strip()) for part in notation.split(","))


def _column(part: str) -> Column:
    match = NOTATION.fullmatch(part)
    if match is None:
        raise ValueError(f"This is no column of the contract: {part}")
    kind, words = match["type"], ()
    if kind not in TYPES:
        kind, words = "word", tuple(kind.split("|"))
    return Column(match["name"], kind, bool(match["required"]), match["default"], words)


@dataclass(frozen=True)
class Rule:
    """A row for which ``broken`` is true is rejected with ``code`` at ``column``."""

    column: str
    code: str
    broken: str
    message: str


@dataclass(frozen=True)
class Once:
    """Of the rows with the same values of ``columns`` only the first accepted one loads. A null value is no value."""

    columns: tuple[str, ...]
    at: str
    message: str


@dataclass(frozen=True)
class Alike:
    """Rows with the same values of ``columns`` must have the same ``values`` as the first accepted one."""

    columns: tuple[str, ...]
    values: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class FileSpec:
    """One file of the contract and where its rows go.

    ``checks`` are tested at their column, in column order; ``rules`` last, as listed. A ``Once`` or ``Alike`` among
    them looks at the other rows of the file. ``stored`` and ``joins`` say how a stored row reads in contract terms
    where that is not simply a field; ``given`` and ``given_joins`` likewise for what the file says; ``derived`` are
    further or replaced values of the effective row, ``lookups`` the tables it needs. ``store`` maps a contract column
    to database columns and their SQL over the accepted row ``c`` (default: the field of that name).
    """

    name: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("external_id",)
    references: Mapping[str, type[models.Model]] = field(default_factory=dict)
    checks: tuple[Rule, ...] = ()
    rules: tuple[Rule | Once | Alike, ...] = ()
    joins: str = ""
    stored: Mapping[str, str] = field(default_factory=dict)
    given_joins: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    lookups: str = ""
    derived: Mapping[str, str] = field(default_factory=dict)
    store: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    on_insert: Mapping[str, str] = field(default_factory=dict)
    on_update: Mapping[str, str] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    settling: tuple[Rule, ...] = ()  # asked again, with each row's ``verdict``, until they reject no more
    after: tuple[str, ...] = ()
    written: Mapping[str, str] = field(default_factory=dict)  # a stored value as a dump writes it, where not as stored
    dumped: str = "true"  # which stored rows a file can hold at all
    exclusive: bool = False  # no other writer of the table while its rows are compared
    extend: "Callable[[FileSpec, Collection[str]], FileSpec] | None" = None  # by what else the header names

    def extended(self, names: Collection[str]) -> "FileSpec":
        return self.extend(self, names) if self.extend else self

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def other_customer(column: str, owner: str = "customer") -> Rule:
    """The referenced row belongs to another customer than the row itself."""
    return Rule(
        column, "conflict", f"d.{column}_customer <> d.{owner}",
        f"This {column.replace('_', ' ')} belongs to another customer; name one of the row's customer.",
    )  # fmt: skip


def positive(column: str) -> Rule:
    return Rule(column, "out_of_range", f"d.{column} <= 0", f"The {column} must be greater than 0.")


def ordered(first: str, second: str, *, strictly: bool = False) -> Rule:
    """``second`` must not lie before ``first``; strictly: not on it either."""
    return Rule(
        second, "conflict", f"d.{second} {'<=' if strictly else '<'} {first}",
        f"{second} must lie {'after' if strictly else 'on or after'} {first}.",
    )  # fmt: skip
