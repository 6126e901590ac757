"""Loading files of the import contract (metrics.md, section 15): for the command and for the pages."""

import errno
import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
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
from .outcome import FileOutcome, Finding, LoadOutcome

LOAD_LOCK = 0x6373_6C6F_6164  # "csload"
PATIENCE = 60.0  # seconds that a load waits for another one

Told = Callable[[FileOutcome], None]


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
    path: str | Path, *, by: User | None, dry_run: bool = False, strict: bool = False, told: Told | None = None
) -> LoadOutcome:
    """Load the contract's files in the directory, in load order; each is stored wholly or, refused, not at all.

    ``dry_run``: everything is checked as if loaded, nothing is stored. ``strict``: a rejection or a warning in any
    file stores nothing. ``told`` hears of each file as soon as its fate is certain. ``by`` empty is the command line.
    Mails, follow-ups and playbooks stay quiet. Raises Unreadable before anything is loaded, LoadError when the
    database fails; files told of before are then stored.
    """
    with ExitStack() as stack:
        files, warnings = _open(Path(path), stack)
        stack.enter_context(_failing_clearly())
        stack.enter_context(_alone())
        load = Load(by, workspace_settings())
        outcome = LoadOutcome(warnings=warnings)
        if dry_run or strict:
            _load_together(files, load, outcome, dry_run=dry_run)
        else:
            _load_one_by_one(files, load, outcome, told)
    if told and (dry_run or strict):
        for file in outcome.files:
            told(file)
    return outcome


def _load_one_by_one(
    files: list[tuple[FileSpec, Path, BinaryIO]], load: Load, outcome: LoadOutcome, told: Told | None
) -> None:
    for spec, path, file in files:
        with transaction.atomic():
            result = load_file(spec, path, file, load)
            _record(load)
        outcome.files.append(result)
        if told:
            told(result)
    outcome.stored = True


def _load_together(
    files: list[tuple[FileSpec, Path, BinaryIO]], load: Load, outcome: LoadOutcome, *, dry_run: bool
) -> None:
    with transaction.atomic():
        outcome.files = [load_file(spec, path, file, load) for spec, path, file in files]
        outcome.stored = not dry_run and outcome.is_clean and not outcome.has_warnings
        if outcome.stored:
            _record(load)
        else:
            transaction.set_rollback(True)


def _record(load: Load) -> None:
    """The audit's chain is locked until the end of the transaction, so this comes last."""
    for run in load.runs:
        _record_run(run, load.by)
    load.runs.clear()


def _record_run(run: LoadRun, by: User | None) -> None:
    counts = {name: getattr(run, name) for name in ("created", "updated", "unchanged", "rejected")}
    record("file.loaded", by=by, target=run, file=run.file, file_hash=run.file_hash, **counts)


def _open(path: Path, stack: ExitStack) -> tuple[list[tuple[FileSpec, Path, BinaryIO]], list[Finding]]:
    """The files are opened at once: one that is replaced meanwhile is still read as it was."""
    specs = files_of_the_contract()
    try:
        names = sorted(entry.name for entry in os.scandir(path) if entry.name.lower().endswith(".csv"))
        present = [spec for spec in specs if spec.name in names]
        files = [(spec, path / spec.name, stack.enter_context(_opened(path / spec.name))) for spec in present]
    except OSError as error:
        raise Unreadable(
            f"{error.filename or path} cannot be read: {error.strerror}. Name a directory with CSV files."
        ) from error
    known = {spec.name for spec in specs}
    message = "No file of the import contract has this name; it is ignored."
    unknown = [Finding(name, 1, "", "unknown_file", name, message) for name in names if name not in known]
    return files, unknown


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
    except OSError as error:
        raise LoadError(f"A file can no longer be read ({error}). Start the load again.") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
