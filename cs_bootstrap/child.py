"""Run a script (PATH) or a module (-m NAME) that dies with the process that started it.

Started by its path with the environment's Python: child.py PARENT_PID (-m NAME | PATH) [ARGS ...].
"""

import ctypes
import os
import runpy
import signal
import sys
import threading
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
SERVER = "CS_SERVER_PROCESS"  # for processes that a child starts and that should die with it


def die_with(parent: int, number: int = signal.SIGKILL) -> None:
    """The kernel sends us this signal when our parent dies; where it cannot (macOS), a thread watches."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    else:
        threading.Thread(target=_watch, args=(parent, number), daemon=True).start()
    if os.getppid() != parent:  # it died before we could say so
        os.kill(os.getpid(), number)


def adopt_orphans(adopt: bool) -> None:
    """Whether processes whose own parent ends become ours, and with that ours to fetch when they end."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, int(adopt), 0, 0, 0)


def _watch(parent: int, number: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), number)


def main() -> None:
    parent, what, *rest = sys.argv[1:]
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    die_with(int(parent))
    os.environ[SERVER] = str(os.getpid())
    if what == "-m":
        sys.argv = rest
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv = [what, *rest]
        runpy.run_path(what, run_name="__main__")


if __name__ == "__main__":
    main()
