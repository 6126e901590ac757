"""Whether this installation can serve: one word for each thing it needs, without secrets."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache

from celery import current_app
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from accounts.jobs.queries import age_of, last_beat

OK = "ok"
FRESH = timedelta(seconds=60)
BROKER_TIMEOUT = 2  # seconds


def readiness() -> dict[str, str]:
    """By check: ``ok``, or what is wrong in words."""
    return {name: check() for name, check in CHECKS.items()}


def database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "does not answer"
    return OK


def migrations() -> str:
    try:
        missing = len(known_migrations() - set(MigrationRecorder(connection).applied_migrations()))
    except DatabaseError:
        return "unknown"
    return f"{missing} not applied" if missing else OK


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """Those of this code; the process that runs it does not change it."""
    return frozenset(MigrationLoader(None).disk_migrations)


def broker() -> str:
    try:
        with current_app.connection_for_write(connect_timeout=BROKER_TIMEOUT) as line:
            line.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=BROKER_TIMEOUT)
            usable = getattr(line.default_channel, "usable", lambda: True)
            return OK if usable() else "not writable"
    except Exception:  # every transport has errors of its own; the log of whoever publishes tells them
        return "does not answer"


def beat() -> str:
    try:
        age = age_of(last_beat("beat"))
    except DatabaseError:
        return "unknown"
    if age is None:
        return "has never run"
    return OK if age < FRESH else f"no sign of life for {int(age.total_seconds())} s"


CHECKS: Mapping[str, Callable[[], str]] = {
    "database": database,
    "migrations": migrations,
    "broker": broker,
    "beat": beat,
}
