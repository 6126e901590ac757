"""The database as SQL and back, with PostgreSQL's own programs; the password goes by the environment."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.db import connection

from cs_portal.backup.archive import BackupError

# All in one transaction: what was here goes, what was there comes, and nothing is sent that may have been sent.
BEFORE = """
SET client_min_messages = warning;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
"""
AFTER = """
UPDATE public.outbox_outboxmail SET state = 'parked', lease_until = NULL, last_error = 'restored from a backup'
WHERE state IN ('waiting', 'claimed');
DELETE FROM public.django_session;
"""
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
)
UNKNOWN_BEFORE_17 = "SET transaction_timeout ="  # said by newer programs, not understood by older servers


def dump(target: Path) -> None:
    """Everything of the database as SQL: one consistent moment, also while others write."""
    with target.open("wb") as file:
        done = subprocess.run(
            [_program("pg_dump"), "--no-owner", "--no-privileges"],
            env=_environment(),
            stdout=file,
            stderr=subprocess.PIPE,
        )
    if done.returncode:
        raise BackupError(f"pg_dump failed: {done.stderr.decode(errors='replace').strip()}")


def restore(source: Path) -> None:
    """Replace the database by the dump, wholly or not at all."""
    command = [_program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-o", os.devnull]
    connection.close()
    connection.close_pool()
    with source.open("rb") as file:
        psql = subprocess.Popen(command, env=_environment(), stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        errors = _feed(psql, file)
    if psql.returncode:
        raise BackupError(f"The database refused the backup and stays as it was: {errors.strip()[:500]}")


def _feed(psql: subprocess.Popen[bytes], file: IO[bytes]) -> str:
    assert psql.stdin is not None
    try:
        for block in _script(file):
            psql.stdin.write(block)
    except BrokenPipeError:
        pass  # psql has ended with an error, which it tells
    return psql.communicate()[1].decode(errors="replace")


def _script(file: IO[bytes]) -> Iterator[bytes]:
    yield BEFORE.encode()
    yield from (line for line in file if not line.startswith(UNKNOWN_BEFORE_17.encode()))
    yield AFTER.encode()


def others_connected() -> int:
    """Sessions beside ours: a web server or worker that would write into what is being replaced."""
    connection.close()
    connection.close_pool()
    done = subprocess.run([_program("psql"), "-X", "-At", "-c", OTHERS], env=_environment(), capture_output=True)
    if done.returncode:
        raise BackupError(f"The database does not answer: {done.stderr.decode(errors='replace').strip()}")
    return int(done.stdout)


def _program(name: str) -> str:
    """Those that ./cs brings are at least as new as any server; pg_dump refuses a server newer than itself."""
    places = os.pathsep.join((os.environ.get("CS_POSTGRES_PROGRAMS", ""), os.environ.get("PATH", os.defpath)))
    found = shutil.which(name, path=places)
    if found is None:
        raise BackupError(f"{name} is missing. Start this through ./cs, which brings PostgreSQL's programs.")
    return found


def _environment() -> dict[str, str]:
    """How psql and pg_dump reach the database of the settings."""
    settings: dict[str, Any] = connection.settings_dict
    options = settings.get("OPTIONS", {})
    named = {
        "PGHOST": settings["HOST"] or options.get("host", ""), "PGPORT": str(settings["PORT"] or ""),
        "PGUSER": settings["USER"], "PGPASSWORD": settings["PASSWORD"], "PGDATABASE": settings["NAME"],
        "PGSSLMODE": options.get("sslmode", ""), "PGSSLROOTCERT": options.get("sslrootcert", ""),
    }  # fmt: skip
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return {**kept, "PGCLIENTENCODING": "UTF8", **{key: value for key, value in named.items() if value}}
