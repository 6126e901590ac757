"""The virtual environment .venv in the checkout, filled from the hashed lock files."""

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from cs_bootstrap.locks import alone
from cs_bootstrap.places import ROOT, write
from cs_bootstrap.progress import Failure, step

PLACE = ROOT / ".venv"
PYTHON = PLACE / "bin" / "python"
STAMP = PLACE / "cs-lock"
LOCKS = {"base": ROOT / "requirements" / "base.txt", "dev": ROOT / "requirements" / "dev.txt"}
NO_PIP = "cs needs pip or ensurepip. On Debian or Ubuntu: apt-get install python3-venv"


def prepare(kind: str) -> None:
    """Bring .venv up to the lock `base` or `dev` (which holds base); nothing to do when its stamp says so."""
    if is_current(kind):
        return
    with alone(ROOT):
        if is_current(kind):
            return
        if not (PYTHON.exists() and STAMP.exists()) or _interpreter_changed():
            with step("Making the virtual environment"):
                _make()
        STAMP.unlink(missing_ok=True)  # packages of an installation that was stopped would pass for whole ones
        with step(f"Installing {_count(LOCKS[kind])} packages (about half a minute)"):
            _install(LOCKS[kind])
        write(STAMP, f"{kind} {_fingerprint(kind)} {PYTHON.resolve()}\n")


def site_packages() -> Path:
    found = sorted(PLACE.glob("lib/python3.*/site-packages"))
    if not found:
        raise Failure(f"{PLACE} is not whole: remove it and start ./cs again.")
    return found[-1]


def is_current(kind: str) -> bool:
    """Whether .venv was filled from the lock files as they are now."""
    have, fingerprint, _ = _stamp()
    return (
        PYTHON.exists() and have in (kind, "dev") and fingerprint == _fingerprint(have) and not _interpreter_changed()
    )


def _interpreter_changed() -> bool:
    """An upgrade of the machine's Python leaves an environment that finds none of its packages."""
    interpreter = _stamp()[2]
    return bool(interpreter) and interpreter != str(PYTHON.resolve())


def _stamp() -> tuple[str, str, str]:
    """Which lock .venv was filled from, that lock's fingerprint, and the interpreter it was made with."""
    parts = STAMP.read_text().split(maxsplit=2) if STAMP.exists() else []
    return (parts[0], parts[1], parts[2].strip()) if len(parts) == 3 else ("", "", "")


def _fingerprint(kind: str) -> str:
    """Of everything this kind brings; `dev` changes whenever `base` does."""
    locks = LOCKS["base"].read_bytes() + (LOCKS["dev"].read_bytes() if kind == "dev" else b"")
    return hashlib.sha256(locks).hexdigest()


def _count(lock: Path) -> int:
    return sum(1 for line in lock.read_text().splitlines() if line[:1].isalnum())


def _make() -> None:
    if importlib.util.find_spec("ensurepip"):
        _call(sys.executable, "-m", "venv", "--clear", PLACE)
    elif importlib.util.find_spec("pip") and importlib.util.find_spec("venv"):
        _call(sys.executable, "-m", "venv", "--clear", "--without-pip", PLACE)
    else:
        raise Failure(NO_PIP)


def _install(lock: Path) -> None:
    """The machine's own pip fills an environment that has none. Bytecode is written when a module is first used."""
    own = any(site_packages().glob("pip/__init__.py"))
    pip: list[str | Path] = [PYTHON, "-m", "pip"] if own else [sys.executable, "-m", "pip", "--python", PYTHON]
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input", "--no-compile", "--no-deps")
    _call(*pip, "install", *quiet, "--require-hashes", "-r", lock)


def _call(*command: str | Path) -> None:
    """Run it with everything that it starts itself, none of which outlives us: two installing at once would clash."""
    env = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")}
    family = [sys.executable, str(ROOT / "cs_bootstrap" / "family.py"), str(os.getpid()), *map(str, command)]
    with subprocess.Popen(
        family, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as running:
        try:
            told, _ = running.communicate()
        except BaseException:
            running.terminate()
            raise
    if running.returncode:
        raise Failure(f"{' '.join(map(str, command))} failed:\n{told.strip()}")
