"""From the source's files to files of the contract, with the way back: each rejection names the source's row."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as Dict
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from accounts.integrations.outcome import MESSAGES, MOST_FINDINGS, FileOutcome, Finding
from accounts.integrations.reading import MAX_BYTES
from cs_portal.kit.filespec import FileSpec

from .errors import Refused, SourceError, listed
from .grouping import Groups, Place, RefusedAt
from .lookups import Files, Found, Scope, tables_for
from .mapping import Mapping, Source, Target
from .origins import Origins, temporary
from .rules import Rule
from .sources import CsvFile, JsonFile, opened
from .steps import Value

MOST_FILES = 200
BREAKS = re.compile(r"\r\n|\r|\n")
UNWRITABLE = "The text holds half of a character (a lone surrogate); correct it."


@dataclass(frozen=True)
class Folder:
    """Where the source's files lie: a directory, or what somebody uploaded."""

    names: Sequence[str]
    open: Callable[[str], BinaryIO]


class Feed:
    """One source file read for one target."""

    def __init__(self, target: Target, file: CsvFile | JsonFile, tables: Dict[str, Found]) -> None:
        self.target, self.file = target, file
        scope = Scope(file, tables)
        self.rules = {name: rule for name, rule in target.columns.items() if _can_be_had(rule, file, tables)}
        self.values = {name: rule.bind(scope) for name, rule in self.rules.items()}
        self.raw = {name: rule.origin.bind(scope) for name, rule in self.rules.items()}
        self._plan: list[tuple[str, Value]] | None = None
        tests = [test for test in target.where if _can_be_had(test.rule, file, tables)]
        self.tests = [(test.bind(scope), test.rule.origin.columns, test.rule.origin.bind(scope)) for test in tests]

    def lets_through(self, row: Any) -> bool:
        for test, columns, raw in self.tests:
            try:
                if not test(row):
                    return False
            except Refused as problem:
                problem.at = "+".join(columns), raw(row)
                raise
        return True

    def plan(self, columns: Sequence[str]) -> list[tuple[str, Value]]:
        """The made file's columns in order; empty what this source says nothing of."""
        if self._plan is None:
            self._plan = [(name, self.values.get(name, _nothing)) for name in columns]
        return self._plan

    def place_of(self, column: str) -> str:
        """The source's columns that make the contract's."""
        rule = self.rules.get(column)
        return "+".join(rule.origin.columns) if rule and rule.origin.columns else column

    def value_of(self, column: str, row: Any) -> str:
        raw: Value | None = self.raw.get(column)
        return raw(row) if raw and row is not None else ""


def _can_be_had(rule: Rule, file: CsvFile | JsonFile, tables: Dict[str, Found]) -> bool:
    """What is optional is left out where its column, or the file that it is looked up in, is not there."""
    return not rule.optional or (rule.is_in(file.has) and all(name in tables for name in rule.lookups))


@dataclass
class Made:
    """One contract file made of sources. ``left_out`` counts rows that no condition let through."""

    spec: FileSpec
    feeds: list[Feed]
    file: BinaryIO
    origins: Origins
    columns: list[str]
    groups: Groups | None = None
    rejected: int = 0
    left_out: int = 0
    written: int = 0
    findings: list[Finding] = field(default_factory=list)

    def take(self, number: int, line: int, row: Any) -> None:
        feed = self.feeds[number]
        if row is None:
            self._reject(feed, line, "", Refused("malformed_row", _malformed(feed.file)), "")
            return
        if (values := self._values(feed, line, row)) is None:
            return
        if self.groups is None:
            self._write((number, line), values)
            return
        try:
            self.groups.add((number, line), values)
        except RefusedAt as found:
            name = self.columns[found.place]
            self._reject(feed, line, name, found.problem, feed.value_of(name, row))

    def finish(self) -> None:
        for place, values in self.groups.rows() if self.groups else ():
            self._write(place, values)
        self.file.flush()

    def _values(self, feed: Feed, line: int, row: Any) -> list[str] | None:
        name, values = "", []
        try:
            if not feed.lets_through(row):
                self.left_out += 1
                return None
            for name, value in feed.plan(self.columns):  # noqa: B007 - below it says which column was refused
                text = value(row)
                values.append(text if text.isascii() else _writable(text))
        except Refused as problem:
            self._reject(feed, line, name, problem, problem.at[1] or feed.value_of(name, row))
            return None
        return values

    def _reject(self, feed: Feed, line: int, column: str, problem: Refused, value: str) -> None:
        self.rejected += 1
        if len(self.findings) < MOST_FINDINGS:
            place = feed.place_of(column) if column else problem.at[0]
            message = f"{problem.message} ({self._what(column)})"
            self.findings.append(Finding(feed.file.name, line, place, problem.code, value, message))

    def _what(self, column: str) -> str:
        return f"{column} of {self.spec.name}" if column else self.spec.name

    def _write(self, place: Place, values: Sequence[str]) -> None:
        text = _line(values)
        self.written += self.file.write(text.encode())
        if self.written > MAX_BYTES:
            raise SourceError(f"More than 500 MiB of {self.spec.name} would be made; split the export.")
        self.origins.add(*place, 1 if text.count("\r") == text.count("\n") == 1 else len(BREAKS.findall(text)))

    def explained(self, outcome: FileOutcome) -> FileOutcome:
        """What the loader said, in terms of the source, together with what the mapping could not translate."""
        if outcome.refused:
            return outcome
        warnings = [finding for finding in outcome.findings if finding.line == 1]
        rejections = [*self.findings, *self._translated(finding for finding in outcome.findings if finding.line > 1)]
        rejections.sort(key=lambda finding: (finding.file, finding.line))
        outcome.findings = [*warnings, *rejections][:MOST_FINDINGS]
        outcome.rejected += self.rejected
        outcome.left_out = outcome.warnings + outcome.rejected - len(outcome.findings)
        return outcome

    def _translated(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        wanted: dict[int, dict[int, Finding]] = {}
        for finding in findings:
            number, line = self.origins.of(finding.line)
            wanted.setdefault(number, {})[line] = finding
        for number, by_line in wanted.items():
            yield from self._read_again(self.feeds[number], by_line)

    def _read_again(self, feed: Feed, wanted: Dict[int, Finding]) -> Iterator[Finding]:
        """For the values as they stand in the source."""
        last = max(wanted)
        for line, row in feed.file.rows():
            if line > last:
                return
            if finding := wanted.get(line):
                place, value = feed.place_of(finding.column), feed.value_of(finding.column, row)
                message = f"{finding.message} ({self._what(finding.column)})"
                yield Finding(feed.file.name, line, place, finding.code, value or finding.value, message)


class _Echo:
    def write(self, text: str) -> str:
        return text


_writer = csv.writer(_Echo(), lineterminator="\r\n")  # so that both signs are quoted in a value


def _line(values: Sequence[str]) -> str:
    text: str = _writer.writerow(values)
    return text


def _writable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Refused("bad_value", UNWRITABLE) from None
    return text


def _nothing(row: Any) -> str:
    return ""


def _malformed(file: CsvFile | JsonFile) -> str:
    if isinstance(file, CsvFile):
        return MESSAGES["malformed_row"]
    return "The line is no JSON object, or is too long or nested too deeply; mend or remove it."


def convert(mapping: Mapping, folder: Folder, specs: Sequence[FileSpec], stack: ExitStack) -> list[Made]:
    """The contract files in load order; what is temporary lives as long as the stack. Raises SourceError."""
    try:
        files = _opened(mapping, folder, stack)
        targets = [target for target in mapping.targets if files[target.source]]
        if not targets:
            wanted = listed(file for source in mapping.sources.values() for file in source.files)
            raise SourceError(f"None of the mapping's files is there ({wanted}); there is {listed(folder.names)}.")
        tables = tables_for(mapping, targets, files)
        made = [_making(spec, targets, files, tables, stack) for spec in specs]
        made = [one for one in made if one.feeds]
        for source_files in files.values():
            for file in source_files:
                _feed(file, made)
        for one in made:
            one.finish()
    except OSError as error:
        raise SourceError(f"{error.filename or 'A file'} cannot be read or written: {error.strerror}.") from error
    return made


def _opened(mapping: Mapping, folder: Folder, stack: ExitStack) -> dict[str, list[CsvFile | JsonFile]]:
    names = {source.name: source.among(folder.names) for source in mapping.sources.values()}
    if sum(map(len, names.values())) > MOST_FILES:
        raise SourceError(f"More than {MOST_FILES} files fit the mapping; put them together.")
    for source in mapping.sources.values():
        if not names[source.name] and not source.optional:
            raise SourceError(f"There is no {' or '.join(source.files)}; there is {listed(sorted(folder.names))}.")
    return {
        name: [_file(mapping.sources[name], file, folder, stack) for file in found] for name, found in names.items()
    }


def _file(source: Source, name: str, folder: Folder, stack: ExitStack) -> CsvFile | JsonFile:
    return opened(source, name, stack.enter_context(folder.open(name)))


def _making(
    spec: FileSpec, targets: Sequence[Target], files: Files, tables: Dict[str, Found], stack: ExitStack
) -> Made:
    own = [target for target in targets if target.spec.name == spec.name]
    feeds = [Feed(target, file, tables) for target in own for file in files[target.source] if target.is_in(file.has)]
    columns = [name for name in (own[0].columns if own else ()) if any(name in feed.rules for feed in feeds)]
    made = Made(spec, feeds, temporary(stack), Origins(stack), columns)
    if own and own[0].group:
        made.groups = Groups(own[0].group, columns, stack)
    made.file.write(_line(columns).encode())
    return made


def _feed(file: CsvFile | JsonFile, made: Sequence[Made]) -> None:
    """The file once, to all that is made of it."""
    takers = [(one, number) for one in made for number, feed in enumerate(one.feeds) if feed.file is file]
    if not takers:
        return
    for line, row in file.rows():
        for one, number in takers:
            one.take(number, line, row)
