"""Stops a database when nobody uses it any more: python -m cs_bootstrap.keeper PLACE (started by `shared.Use`)."""

import sys
from pathlib import Path

from cs_bootstrap import postmaster
from cs_bootstrap.binaries import leave
from cs_bootstrap.locks import FileLock


def keep(place: Path) -> None:
    here, users = FileLock(place / "keeper.lock"), FileLock(place / "users.lock")
    if not here.try_take():
        return
    users.take()
    postmaster.stop(place / "data")
    leave(place)
    here.close()  # before the users' lock, so that the next user sees that it needs a new keeper
    users.close()


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
