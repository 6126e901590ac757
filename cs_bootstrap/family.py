"""Run a program that starts others; all of them die with the process that started us.

Started by its path, as the first of a session of its own: family.py PARENT_PID COMMAND [ARGS ...].
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from cs_bootstrap.child import die_with  # noqa: E402


def _all(*_: object) -> NoReturn:
    os.killpg(0, signal.SIGKILL)
    raise SystemExit  # not reached: we are one of them


def main() -> int:
    parent, *command = sys.argv[1:]
    signal.signal(signal.SIGTERM, _all)
    die_with(int(parent), signal.SIGTERM)
    status = subprocess.call(command)
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())
