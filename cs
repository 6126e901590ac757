#!/usr/bin/env python3
"""cs_portal in one command: ./cs --help. Needs nothing but Python 3.11 or newer and pip (or ensurepip)."""

import os
import shutil
import signal
import sys

OLDEST = (3, 11)


def _newer_python():
    """The first interpreter on PATH that is new enough; `python3` may be an older one."""
    for minor in range(14, OLDEST[1] - 1, -1):
        path = shutil.which("python3.%d" % minor)
        if path:
            return path
    return None


if sys.version_info < OLDEST:
    found = None if os.environ.get("CS_PYTHON_TRIED") else _newer_python()
    if found is None:
        sys.exit(
            "cs needs Python 3.11 or newer; this is %s. On Debian or Ubuntu: apt-get install python3 python3-venv"
            % sys.version.split()[0]
        )
    os.environ["CS_PYTHON_TRIED"] = "1"
    os.execv(found, [found, *sys.argv])

signal.signal(signal.SIGINT, signal.SIG_DFL)  # until there is something to end in order
sys.path[0] = os.path.dirname(os.path.realpath(__file__))

from cs_bootstrap.commands import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
