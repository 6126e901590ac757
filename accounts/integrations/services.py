"""Loading files of the import contract (metrics.md, section 15): for the command and for the pages."""

import errno
import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import psycopg
from django.conf import settings
from django.db import Error, IntegrityError, connection, transaction
from django.utils.module_loading import import_string

from accounts.audit.services import record
from accounts.integrations.models import LoadRun
from accounts.models import User
from accounts.services import workspace_settings
from cs_portal.kit.filespec import FileSpec

from .loading import Load, load_file
from .mappings.converting import Folder, Made, convert
from .mappings.errors import MappingError, SourceError
from .mappings.mapping import Mapping, read_mapping
from .outcome import FileOutcome, Finding, LoadOutcome

LOAD_LOCK = 0x6373_6C6F_6164  # "csload"
PATIENCE = 60.0  # seconds that a load waits for another one

Told = Callable[[FileOutcome], None]
SOURCE_ENDINGS = (".csv", ".jsonl", ".ndjson")


@dataclass(frozen=True)
class Incoming:
    """A file of the contract as it lies there, or as a mapping made it of foreign ones."""

    spec: FileSpec
    path: Path
    file: BinaryIO
    made: Made | None = None


class LoadError(Exception):
    """The load cannot go on; the message says what to do. ``status`` is the command's exit status."""

    status = 1


class Unreadable(LoadError):
    status = 2


def files_of_the_contract() -> Sequence[FileSpec]:
    """Every file that can be loaded, in load order."""
    files: Sequence[FileSpec] = import_string(settings.IMPORT_FILES)
    return files


def load_directory(
    path: str | Path,
    *,
    by: User | None,
    mapping: str = "",
    dry_run: bool = False,
    strict: bool = False,
    told: Told | None = None,
) -> LoadOutcome:
    """Load the contract's files in the directory, in load order; each is stored wholly or, refused, not at all.

    ``dry_run``: everything is checked as if loaded, nothing is stored. ``strict``: a rejection or a warning in any
    file stores nothing. ``told`` hears of each file as soon as its fate is certain. ``by`` empty is the command line.
    With a ``mapping`` (a shipped one's name or a path) the files are another vendor's, and findings name their lines.
    Mails, follow-ups and playbooks stay quiet. Raises Unreadable before anything is loaded, LoadError when the
    database fails; files told of before are then stored.
    """
    with ExitStack() as stack:
        files, warnings = _converted(Path(path), mapping, stack) if mapping else _open(Path(path), stack)
        stack.enter_context(_failing_clearly())
        stack.enter_context(_alone())
        load = Load(by, workspace_settings(), mapping)
        outcome = LoadOutcome(warnings=warnings)
        if dry_run or strict:
            _load_together(files, load, outcome, dry_run=dry_run)
        else:
            _load_one_by_one(files, load, outcome, told)
    if told and (dry_run or strict):
        for file in outcome.files:
            told(file)
    return outcome


def _load_one_by_one(files: list[Incoming], load: Load, outcome: LoadOutcome, told: Told | None) -> None:
    for file in files:
        with transaction.atomic():
            result = _load(file, load)
            _record(load)
        outcome.files.append(result)
        if told:
            told(result)
    outcome.stored = True


def _load_together(files: list[Incoming], load: Load, outcome: LoadOutcome, *, dry_run: bool) -> None:
    with transaction.atomic():
        outcome.files = [_load(file, load) for file in files]
        outcome.stored = not dry_run and outcome.is_clean and not outcome.has_warnings
        if outcome.stored:
            _record(load)
        else:
            transaction.set_rollback(True)


def _load(incoming: Incoming, load: Load) -> FileOutcome:
    known = len(load.runs)
    outcome = load_file(incoming.spec, incoming.path, incoming.file, load)
    if incoming.made:
        outcome = incoming.made.explained(outcome)
        for run in load.runs[known:]:
            run.rejected = outcome.rejected
            run.save(update_fields=["rejected"])
    return outcome


def _record(load: Load) -> None:
    """The audit's chain is locked until the end of the transaction, so this comes last."""
    for run in load.runs:
        _record_run(run, load)
    load.runs.clear()


def _record_run(run: LoadRun, load: Load) -> None:
    details = {name: getattr(run, name) for name in ("created", "updated", "unchanged", "rejected")}
    if load.mapping:
        details["mapping"] = load.mapping
    record("file.loaded", by=load.by, target=run, file=run.file, file_hash=run.file_hash, **details)


def _open(path: Path, stack: ExitStack) -> tuple[list[Incoming], list[Finding]]:
    """The files are opened at once: one that is replaced meanwhile is still read as it was."""
    specs = files_of_the_contract()
    with _readable(path):
        names = _names(path, (".csv",))
        present = [path / spec.name for spec in specs if spec.name in names]
        opened = {found.name: stack.enter_context(_opened(found)) for found in present}
    files = [Incoming(spec, path / spec.name, opened[spec.name]) for spec in specs if spec.name in opened]
    known = {spec.name for spec in specs}
    return files, _ignored(names, known, "No file of the import contract has this name; it is ignored.")


def _converted(path: Path, name: str, stack: ExitStack) -> tuple[list[Incoming], list[Finding]]:
    """Everything is translated before anything is loaded."""
    specs = files_of_the_contract()
    try:
        mapping = read_mapping(name, specs)
        with _readable(path):
            names = _names(path, SOURCE_ENDINGS, mapping)
        made = convert(mapping, Folder(names, lambda file: _opened(path / file)), specs, stack)
    except (MappingError, SourceError) as error:
        raise Unreadable(str(error)) from error
    known = {file for source in mapping.sources.values() for file in source.among(names)}
    files = [Incoming(one.spec, Path(one.spec.name), one.file, one) for one in made]
    return files, _ignored(names, known, "The mapping names no such file; it is ignored.")


def _names(path: Path, endings: tuple[str, ...], mapping: Mapping | None = None) -> list[str]:
    """The directory's files with these endings, and those that the mapping names."""
    names = [entry.name for entry in os.scandir(path)]
    wanted = {name for source in mapping.sources.values() for name in source.among(names)} if mapping else set()
    return sorted({name for name in names if name.lower().endswith(endings)} | wanted)


def _ignored(names: Sequence[str], known: set[str], message: str) -> list[Finding]:
    return [Finding(name, 1, "", "unknown_file", name, message) for name in names if name not in known]


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unreadable(
            f"{error.filename or path} cannot be read: {error.strerror}. Name a directory with the files."
        ) from error


def _opened(path: Path) -> BinaryIO:
    """Pipes and devices are refused: opening or reading one might never end."""
    if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():
        raise OSError(errno.EINVAL, "It is not a regular file", str(path))
    return path.open("rb")


@contextmanager
def _alone() -> Iterator[None]:
    """One load at a time; another one waits a while for its turn."""
    deadline = time.monotonic() + PATIENCE
    while not _lock("pg_try_advisory_lock"):
        if time.monotonic() > deadline:
            raise LoadError("Another load is still running. Wait until it has finished and start this one again.")
        time.sleep(0.2)
    try:
        yield
    finally:
        with suppress(Error):
            _lock("pg_advisory_unlock")


def _lock(function: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [LOAD_LOCK])
        return bool(cursor.fetchone()[0])


@contextmanager
def _failing_clearly() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise LoadError(
            f"Rows were changed in the application while they were loaded ({_first_line(error)}). "
            "The file in hand is not stored; start the load again."
        ) from error
    except (Error, psycopg.Error) as error:  # COPY raises the driver's own
        raise LoadError(
            f"The database broke the load off ({_first_line(error)}). "
            "Files reported before are stored, the one in hand is not; mend the cause and start the load again."
        ) from error
    except (OSError, SourceError) as error:  # it was changed after it had been read
        raise LoadError(f"A file can no longer be read ({error}). Start the load again.") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
