"""What an administrator wants to know when something is odd: one line for each thing, with what to do about it."""

import platform
import re
import shutil
import ssl
import stat
import time
import tomllib
import zoneinfo
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from smtplib import SMTPException

import django
from django.conf import settings
from django.core import checks
from django.core.mail import get_connection
from django.db import DatabaseError, connection

from accounts.jobs.queries import age_of, last_beat
from accounts.system import readiness

OK, WARNING, FAILED = "ok", "warning", "failed"
PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==(\S+)(?: ; (.*?))? \\$")
OLDEST_POSTGRESQL = 150_000
ROOM, LAST_ROOM = 1 << 30, 200 << 20  # bytes
DRIFT, FAR_OFF = 2, 30  # seconds
WORKER_FRESH = 180  # seconds
LEAST_ZONES = 400
MOST_NAMED = 5
TODO = {
    "database": "Start PostgreSQL or correct DATABASE_URL.",
    "migrations": "Run ./cs manage migrate.",
    "broker": "Start the broker or correct CS_BROKER_URL; for the file system: CS_VAR_DIR must be writable.",
    "beat": "Start ./cs serve, or one beat beside your workers.",
}


@dataclass(frozen=True)
class Line:
    name: str
    state: str
    found: str
    todo: str = ""


def examine() -> list[Line]:
    """Every check, whatever the others say; one that breaks off has failed."""
    return [line for check in CHECKS for line in _lines(check)]


def _lines(check: Callable[[], Iterator[Line]]) -> list[Line]:
    try:
        return list(check())
    except DatabaseError as error:
        return [Line(check.__name__, FAILED, f"unknown: {type(error).__name__}", TODO["database"])]
    except Exception as error:  # a doctor names what he cannot see, and goes on
        return [Line(check.__name__, FAILED, f"{type(error).__name__}: {error}"[:200], "See the log.")]


def _judged(name: str, found: str, *, good: bool, todo: str, bad: str = WARNING) -> Line:
    return Line(name, OK, found) if good else Line(name, bad, found, todo)


def versions() -> Iterator[Line]:
    own = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
    yield Line("version", OK, f"cs_portal {own}, Python {platform.python_version()}, Django {django.get_version()}")
    connection.ensure_connection()
    number = connection.connection.info.server_version
    found = f"PostgreSQL {number // 10_000}.{number % 10_000}"
    yield _judged("postgresql", found, good=number >= OLDEST_POSTGRESQL, todo="Use PostgreSQL 15 or newer.", bad=FAILED)


def lock() -> Iterator[Line]:
    wrong = sorted(name for name, allowed in pinned().items() if not _fits(name, allowed))
    shown = ", ".join(wrong[:MOST_NAMED]) + (" ..." if len(wrong) > MOST_NAMED else "")
    yield _judged(
        "lock", f"differs: {shown}" if wrong else "installed as locked", good=not wrong,
        todo="Install requirements/base.txt anew: remove .venv and start ./cs.",
    )  # fmt: skip


def pinned() -> dict[str, set[str]]:
    """By package the versions that the lock allows; the empty text for one that some platforms do without."""
    found: dict[str, set[str]] = {}
    for line in (settings.BASE_DIR / "requirements" / "base.txt").read_text().splitlines():
        if match := PINNED.match(line):
            found.setdefault(match[1], set()).update({match[2]} | ({""} if match[3] else set()))
    return found


def _fits(name: str, allowed: set[str]) -> bool:
    try:
        return metadata.version(name) in allowed
    except metadata.PackageNotFoundError:
        return "" in allowed


def ready() -> Iterator[Line]:
    """What /readyz tells, from the same functions."""
    for name, found in readiness.readiness().items():
        yield _judged(name, found, good=found == readiness.OK, todo=TODO[name], bad=FAILED)


def worker() -> Iterator[Line]:
    age = age_of(last_beat("worker"))
    found = "has never run" if age is None else f"last seen {int(age.total_seconds())} s ago"
    fresh = age is not None and age.total_seconds() < WORKER_FRESH
    yield _judged("worker", found, good=fresh, todo="Start ./cs serve, or a worker.", bad=FAILED)


def wrong_settings() -> Iterator[Line]:
    found = checks.run_checks()
    for message in found:
        yield Line(
            "settings", FAILED if message.is_serious() else WARNING, f"{message.id}: {message.msg}", message.hint or ""
        )
    if not found:
        yield Line("settings", OK, "nothing wrong")


def mail() -> Iterator[Line]:
    if "smtp" not in settings.EMAIL_BACKEND:
        yield Line("mail", WARNING, "mails become files, nobody gets them", "Set CS_EMAIL_URL.")
        return
    line, where = get_connection(), f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        line.open()
        line.close()
    except (OSError, SMTPException, ssl.SSLError) as error:
        yield Line(
            "mail", FAILED, f"{where}: {type(error).__name__}", "Correct CS_EMAIL_URL, or ask who runs the server."
        )
        return
    safe = settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL or settings.EMAIL_HOST in ("localhost", "127.0.0.1")
    yield _judged("mail", f"{where} answers", good=safe, todo="Use smtp+tls:// or smtp+ssl:// in CS_EMAIL_URL.")


def fonts() -> Iterator[Line]:
    number = len(list((settings.BASE_DIR / "cs_portal" / "kit" / "fonts").glob("*.ttf")))
    yield _judged("fonts", f"{number} for PDFs", good=number > 0, todo="Restore cs_portal/kit/fonts.", bad=FAILED)


def disk() -> Iterator[Line]:
    free = shutil.disk_usage(settings.VAR_DIR).free
    bad = FAILED if free < LAST_ROOM else WARNING
    yield _judged(
        "disk", f"{free / (1 << 30):.1f} GiB free", good=free >= ROOM, todo="Make room below CS_VAR_DIR.", bad=bad
    )


def permissions() -> Iterator[Line]:
    """Passing through is allowed: an embedded server of another user lies below."""
    mode = stat.S_IMODE(Path(settings.VAR_DIR).stat().st_mode)
    todo = f"chmod go-rw {settings.VAR_DIR}: it holds keys and personal data."
    yield _judged("permissions", f"CS_VAR_DIR is {mode:04o}", good=not mode & 0o066, todo=todo)


def role() -> Iterator[Line]:
    """In production the application's role neither owns the tables nor is a superuser (docs/operating.md)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND tableowner = rolname)"
            " FROM pg_roles WHERE rolname = current_user"
        )
        is_superuser, owns = cursor.fetchone()
    todo = "Give the application a role of its own; see Running it."
    yield _judged("role", "superuser" if is_superuser else "no superuser", good=not is_superuser, todo=todo, bad=FAILED)
    private = not settings.SECURE_COOKIES
    yield _judged("owner", "owns the tables" if owns else "owns no table", good=private or not owns, todo=todo)


def zones() -> Iterator[Line]:
    number = len(zoneinfo.available_timezones())
    todo = "Install your system's tzdata."
    yield _judged("time zones", f"{number} known", good=number >= LEAST_ZONES, todo=todo, bad=FAILED)


def clock() -> Iterator[Line]:
    with connection.cursor() as cursor:
        before = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        apart = abs(float(cursor.fetchone()[0]) - (before + time.time()) / 2)
    bad = FAILED if apart > FAR_OFF else WARNING
    todo = "Set both clocks by NTP."
    yield _judged("clock", f"{apart:.1f} s from the database's", good=apart <= DRIFT, todo=todo, bad=bad)


CHECKS = (versions, lock, ready, worker, wrong_settings, mail, fonts, disk, permissions, role, zones, clock)
