"""Back up and restore an installation."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from accounts.models import Customer, User
from cs_portal.backup.archive import DATABASE, BackupError, Manifest, unpack, write_archive
from cs_portal.backup.dump import dump, others_connected, restore

PATIENCE = 5.0  # seconds in which what has just ended leaves the database


def back_up(target: Path) -> Manifest:
    """Write database, files and keys of this installation into one new file. Raises BackupError."""
    if not target.parent.is_dir():
        raise BackupError(f"There is no directory {target.parent}.")
    manifest = Manifest(datetime.now(UTC).isoformat(timespec="seconds"), _applied())
    with _workroom() as room:
        dump(room / DATABASE)  # before the files: a file is written before the row that names it
        write_archive(target, room / DATABASE, _folders(), manifest)
    return manifest


def restore_backup(source: Path, *, force: bool = False) -> Manifest:
    """Replace this installation by what a backup holds; mail that was not sent yet is parked, sessions end.

    Everything is read and compared before anything is changed. Raises BackupError: for a file that is damaged or
    newer than this version, over live data without ``force``, while others are connected.
    """
    with _workroom() as room:
        manifest = unpack(source, room)
        if unknown := _unknown(manifest):
            raise BackupError(f"{source} was made by a newer version: it has {unknown}. Update cs_portal first.")
        _refuse_over_live_data(force)
        if others := _others_who_stay():
            raise BackupError(f"{others} other connections use this database. End ./cs serve or demo first.")
        restore(room / DATABASE)
        for name, place in _folders().items():
            _take_place_of(place, room / name)
    call_command("migrate", interactive=False, verbosity=0)
    return manifest


def _others_who_stay() -> int:
    """How many sessions beside ours are still there after a moment."""
    until = monotonic() + PATIENCE
    while (others := others_connected()) and monotonic() < until:
        sleep(0.2)
    return others


def _folders() -> dict[str, Path]:
    return {"files": Path(settings.MEDIA_ROOT), "keys": Path(settings.VAR_DIR) / "keys"}


def _applied() -> list[list[str]]:
    return sorted([app, name] for app, name in MigrationLoader(connection).applied_migrations)


def _unknown(manifest: Manifest) -> str:
    """A migration that this version has never heard of."""
    loader = MigrationLoader(connection)
    known = set(loader.disk_migrations) | {old for new in loader.replacements.values() for old in new.replaces}
    return next((f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known), "")


def _refuse_over_live_data(force: bool) -> None:
    customers, people = Customer.objects.count(), User.objects.count()
    if (customers or people) and not force:
        raise BackupError(
            f"This installation holds {customers} customers and {people} people. Back it up, then use --force to"
            " replace all of it."
        )


@contextmanager
def _workroom() -> Iterator[Path]:
    """A directory of our own beside the data, so that moving from it is one step."""
    room = Path(tempfile.mkdtemp(prefix="backup-", dir=settings.VAR_DIR))
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _take_place_of(place: Path, fresh: Path) -> None:
    """What stood there goes only when the new one stands."""
    old = place.with_name(f".{place.name}.replaced")
    shutil.rmtree(old, ignore_errors=True)
    fresh.mkdir(exist_ok=True)
    fresh.chmod(0o700)
    for path in fresh.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    if place.exists():
        os.rename(place, old)
    os.rename(fresh, place)
    shutil.rmtree(old, ignore_errors=True)
