"""Rows that share a contract key put together; however many there are, in bounded memory."""

import heapq
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, BinaryIO

from cs_portal.kit.filespec import FileSpec

from .errors import Refused, listed
from .numbers import EXACT, plain, read
from .origins import temporary
from .sections import Section

IN_MEMORY = 100_000  # groups; more go to the disk, sorted
NUMBERS = ("int", "dec")

Place = tuple[int, int]  # which feed, which line of it


def _sum(a: str, b: str) -> str:
    return plain(EXACT.add(Decimal(a), Decimal(b))) if a and b else a or b


def _extreme(choose: Callable[..., str], key: Callable[[str], Any]) -> Callable[[str, str], str]:
    return lambda a, b: choose(a, b, key=key) if a and b else a or b


HOWS: dict[str, Callable[[bool], Callable[[str, str], str]]] = {
    "sum": lambda numeric: _sum,
    "min": lambda numeric: _extreme(min, Decimal if numeric else str),
    "max": lambda numeric: _extreme(max, Decimal if numeric else str),
    "first": lambda numeric: lambda a, b: a or b,
    "last": lambda numeric: lambda a, b: b or a,
}


@dataclass(frozen=True)
class Group:
    """How each column that is no key is put together: by column, and whether its values are numbers."""

    key: tuple[str, ...]
    hows: dict[str, tuple[str, bool]]

    @classmethod
    def parse(cls, section: Section, spec: FileSpec, columns: tuple[str, ...]) -> "Group":
        section.only(*HOWS)
        said = [(name, how) for how in HOWS for name in section.texts(how)]
        free = [name for name in columns if name not in spec.key]
        if sorted(name for name, _how in said) != sorted(free):
            raise section.refusal(f"Each of {listed(free)} must stand exactly once under one of {', '.join(HOWS)}.")
        numeric = {column.name for column in spec.columns if column.type in NUMBERS}
        for name, how in said:
            if how == "sum" and name not in numeric:
                raise section.refusal(f"{name} is no number; it cannot be summed.", how)
        return cls(spec.key, {name: (how, name in numeric) for name, how in said})


class RefusedAt(Exception):
    """``place`` is that of the column among the made file's."""

    def __init__(self, place: int, problem: Refused) -> None:
        self.place, self.problem = place, problem


class Groups:
    def __init__(self, group: Group, columns: list[str], stack: ExitStack) -> None:
        self.stack = stack
        self.key = [place for place, name in enumerate(columns) if name in group.key]
        hows = [(place, *group.hows[name]) for place, name in enumerate(columns) if name in group.hows]
        self.combine = [(place, HOWS[how](numeric)) for place, how, numeric in hows]
        self.numbers = [place for place, how, numeric in hows if numeric and how in ("sum", "min", "max")]
        self.known: dict[tuple[str, ...], tuple[Place, list[str]]] = {}
        self.runs: list[BinaryIO] = []

    def add(self, place: Place, values: list[str]) -> None:
        """Raises RefusedAt where a number that is put together is none."""
        self._check(values)
        key = tuple(values[index] for index in self.key)
        if (known := self.known.get(key)) is not None:
            self._join(known[1], values)
            return
        self.known[key] = place, values
        if len(self.known) >= IN_MEMORY:
            self._spill()

    def _check(self, values: list[str]) -> None:
        for place in self.numbers:
            try:
                values[place] = values[place] and plain(read(values[place]))
            except Refused as problem:
                raise RefusedAt(place, problem) from None

    def _join(self, values: list[str], more: list[str]) -> None:
        for place, combine in self.combine:
            values[place] = combine(values[place], more[place])

    def _spill(self) -> None:
        run = temporary(self.stack)
        for key in sorted(self.known):
            run.write(json.dumps([key, *self.known[key]]).encode() + b"\n")
        self.runs.append(run)
        self.known = {}

    def rows(self) -> Iterator[tuple[Place, list[str]]]:
        """As long as they fit into memory in the source's order, otherwise by key."""
        if not self.runs:
            yield from self.known.values()
            return
        self._spill()
        merged = heapq.merge(*map(_read, self.runs), key=itemgetter(0))
        for _key, same in groupby(merged, key=itemgetter(0)):
            parts = [part[1:] for part in same]  # at most one of each run
            parts.sort()
            place, values = parts[0]
            for _place, more in parts[1:]:
                self._join(values, more)
            yield (place[0], place[1]), values


def _read(run: BinaryIO) -> Iterator[list[Any]]:
    run.seek(0)
    return map(json.loads, run)
