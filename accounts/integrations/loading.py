"""One file: stage, check, decide, store, say what was wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from accounts.integrations.models import LoadRun
from accounts.models import User
from cs_portal.kit.filespec import FileSpec
from cs_portal.metrics.base import WorkspaceSettings

from . import storing
from .checking import FIRST, Check, Problem
from .outcome import MESSAGES, MOST_FINDINGS, FileOutcome, Finding, kind_text
from .reading import FileUnfit, digest, records
from .resolving import resolve, settle
from .staging import CELL_CODES, MALFORMED, STEP, Header, create_stage, fill_stage, read_header


@dataclass(frozen=True)
class Load:
    """What all files of one load share. ``by`` is empty for the command line, which may load agreements."""

    by: User | None
    settings: WorkspaceSettings
    mapping: str = ""  # that made the files of foreign ones
    runs: list[LoadRun] = field(default_factory=list)

    def parameters(self, run: LoadRun) -> Mapping[str, Any]:
        return {
            "zone": self.settings.time_zone,
            "currency": self.settings.reporting_currency,
            "run": run.pk,
            "admin": self.by is None or self.by.role == "admin",
        }


def load_file(spec: FileSpec, path: Path, file: BinaryIO, load: Load) -> FileOutcome:
    """In a transaction of its own, inside the caller's if there is one."""
    outcome = FileOutcome(spec.name)
    try:
        with transaction.atomic():
            _load(spec, file, load, outcome)
    except FileUnfit as problem:
        outcome = FileOutcome(spec.name, refused=True)
        outcome.findings.append(Finding(spec.name, 1, "", problem.code, problem.value, problem.message))
    return outcome


def _load(spec: FileSpec, file: BinaryIO, load: Load, outcome: FileOutcome) -> None:
    run = LoadRun.objects.create(file=spec.name, file_hash=digest(file), by=load.by)
    rows = records(file)
    head = next(rows, None)
    spec = spec.extended([name.strip().lower() for name in (head and head[1]) or ()])
    header = read_header(spec, head, outcome)
    check = Check(spec, header)
    parameters = load.parameters(run)
    with connection.cursor() as cursor:
        if spec.exclusive:
            cursor.execute(f"LOCK TABLE {spec.model._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        create_stage(cursor, spec)
        fill_stage(cursor, spec, header, rows, ZoneInfo(load.settings.time_zone))
        cursor.execute(check.sql, parameters)
        cursor.execute(f"ANALYZE load_checked (line, stored_id, {', '.join(spec.key)})")
        resolve(cursor, check)
        settle(cursor, check)
        storing.count(cursor, outcome)
        if outcome.rejected:
            _explain(cursor, spec, check, header, file, outcome)
        storing.store(cursor, spec, header, outcome, parameters)
        cursor.execute("DROP TABLE load_stage, load_checked")
    for name in ("created", "updated", "unchanged", "rejected"):
        setattr(run, name, getattr(outcome, name))
    run.save()
    load.runs.append(run)


def _explain(cursor: Any, spec: FileSpec, check: Check, header: Header, file: BinaryIO, outcome: FileOutcome) -> None:
    """The first rejections with the values as they stand in the file, which is read again for them."""
    room = MOST_FINDINGS - len(outcome.findings)
    cursor.execute("SELECT line, verdict FROM load_checked WHERE verdict IS NOT NULL ORDER BY line LIMIT %s", [room])
    wanted = dict(cursor.fetchall())
    for line, fields in _lines(file, wanted):
        outcome.findings.append(_finding(spec, check, header, line, fields, wanted[line]))
    outcome.left_out += outcome.rejected - len(wanted)


def _lines(file: BinaryIO, wanted: Mapping[int, int]) -> Iterator[tuple[int, list[str] | None]]:
    last = max(wanted, default=0)
    for line, fields in records(file):
        if line > last:
            return
        if line in wanted:
            yield line, fields


def _finding(spec: FileSpec, check: Check, header: Header, line: int, fields: list[str] | None, number: int) -> Finding:
    problem = _problem(spec, check, number)
    value = ",".join(fields or ()) if number == MALFORMED else ""
    place = header.places.get(problem.column)
    if fields is not None and place is not None:
        value = fields[place].strip()
    return Finding(spec.name, line, problem.column, problem.code, value, _message(spec, problem))


def _problem(spec: FileSpec, check: Check, number: int) -> Problem:
    if number == MALFORMED:
        return Problem("", "malformed_row")
    if number >= FIRST:
        return check.problems[number - FIRST]
    return Problem(spec.columns[number // STEP].name, CELL_CODES[number % STEP])


def _message(spec: FileSpec, problem: Problem) -> str:
    if problem.message or not problem.column:
        return problem.message or MESSAGES[problem.code]
    column = spec.column(problem.column)
    what = kind_text(column.type, words=column.words, signed=column.signed)
    if problem.code == "unknown_reference":
        what = spec.references[column.name]._meta.verbose_name_plural
    return MESSAGES[problem.code].format(a=what)
