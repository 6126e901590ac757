"""One database for several ./cs at a time: the first starts it, the last one out stops it.

Each user holds a shared lock, which the kernel drops with the process. A keeper waits for the exclusive one, so
that the server also ends when its last user was killed.
"""

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from cs_bootstrap.child import adopt_orphans
from cs_bootstrap.locks import FileLock
from cs_bootstrap.places import ROOT
from cs_bootstrap.postgres import Cluster


class Use:
    """Hold a cluster from `begin` to `end`; `end` returns when it is stopped or somebody else still uses it."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._users: FileLock | None = None
        self._server: int | None = None
        self._keeper: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Use":
        self.cluster.prepare()
        self._users = FileLock(self.cluster.place / "users.lock")
        self._users.share()
        try:
            self._ensure()
        except BaseException:  # a signal may come while the server starts
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        assert self._users is not None
        self._users.drop()
        if self._users.try_take():
            self.cluster.stop()
            self._fetch()
        else:
            self._users.share()  # at once when others use it, else as soon as the keeper has stopped it
        self._users.close()
        self._await_keeper()

    def repair(self) -> None:
        """The server and its keeper, whichever of them was killed."""
        if self.cluster.server is None or not _keeper_lives(self.cluster.place):
            self._ensure()

    def _ensure(self) -> None:
        """Be the parent of a server that is started now: pg_ctl, which starts it, ends before it.

        The keeper comes first: we may be killed at any moment from here on.
        """
        if not _keeper_lives(self.cluster.place):
            self._keeper = _start_keeper(self.cluster.place)
        self._fetch()
        adopt_orphans(True)
        self.cluster.ensure()
        adopt_orphans(False)
        self._server = self.cluster.server

    def _fetch(self) -> None:
        """Take the ended server's exit status, if it is ours to take; until then it shows among the processes."""
        if self._server is not None:
            with suppress(ChildProcessError):
                os.waitpid(self._server, 0)
            self._server = None

    def _await_keeper(self) -> None:
        """A keeper without a server has nothing to wait for: give it a moment, so that nothing is left running."""
        deadline = time.monotonic() + 5
        while self.cluster.server is None and _keeper_lives(self.cluster.place) and time.monotonic() < deadline:
            time.sleep(0.02)
        if self._keeper and self.cluster.server is None:
            self._keeper.wait(timeout=5)


def _keeper_lives(place: Path) -> bool:
    lock = FileLock(place / "keeper.lock")
    try:
        return not lock.try_take()
    finally:
        lock.close()


def _start_keeper(place: Path) -> subprocess.Popen[bytes]:
    # its own session: Ctrl-C in the terminal is for ./cs, which still needs the database to end well
    return subprocess.Popen(
        [sys.executable, "-m", "cs_bootstrap.keeper", place],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd="/",
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
