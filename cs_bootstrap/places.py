"""Directories and small files of an instance: who may enter them, and writing them whole or not at all."""

import os
import secrets
import stat
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUESTS = "tmp/requests"  # below CS_VAR_DIR: what the web processes count together
PRIVATE, PASSABLE = 0o700, 0o711


def running_as_root() -> bool:
    return os.geteuid() == 0


def directory(path: Path, mode: int = PRIVATE) -> Path:
    """Make a directory of the instance with exactly this mode; one that exists keeps the mode its owner gave it."""
    try:
        path.mkdir()
    except FileExistsError:
        return path
    path.chmod(mode)
    return path


def var_directory(path: Path) -> Path:
    """CS_VAR_DIR: nobody else may look in; for root, its database's own account may pass through it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    directory(path, PASSABLE if running_as_root() else PRIVATE)
    mode = stat.S_IMODE(path.stat().st_mode)
    if running_as_root() and not mode & stat.S_IXOTH:
        path.chmod(mode | stat.S_IXOTH)
    return path


def write(path: Path, text: str, mode: int = 0o600) -> None:
    """Replace a file in one move, so that a kill leaves the old one or the new one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "w") as file:
        file.write(text)
    os.chmod(name, mode)
    os.replace(name, path)


def secret(path: Path, length: int = 32) -> str:
    """The secret kept in this file; made on first use, readable by its owner only."""
    if not path.exists():
        write(path, secrets.token_urlsafe(length) + "\n")
    return path.read_text().strip()


def reachable(path: Path, uid: int) -> bool:
    """Whether an account without groups may pass through every directory of a path."""
    for place in (path, *path.parents):
        mode, owner = place.stat().st_mode, place.stat().st_uid
        if not mode & (stat.S_IXUSR if owner == uid else stat.S_IXOTH):
            return False
    return True
