"""Locks on files. The kernel drops them with the process that holds them, also after kill -9."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FileLock:
    """One open file on which shared and exclusive locks are taken; never inherited by children."""

    def __init__(self, path: Path) -> None:
        flags = os.O_RDONLY if path.is_dir() else os.O_RDWR | os.O_CREAT
        self._file = os.open(path, flags | os.O_CLOEXEC, 0o600)

    def share(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def take(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def try_take(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def drop(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._file)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait for everybody else who does the same work in this place."""
    lock = FileLock(path)
    try:
        lock.take()
        yield
    finally:
        lock.close()
