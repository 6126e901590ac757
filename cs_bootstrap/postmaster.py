"""The running server process of a cluster, found by its own pid file."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

STARTING = "starting"  # beside the data while a server is being started, also when who started it was killed
LATEST = 3.0  # seconds after which it is not to be expected any more


def process_of(data: Path) -> int | None:
    """The live server's process id; None for a left-over file whose number is free or somebody else's by now."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, 0)
        return pid if _works_in(pid, data) else None
    except (OSError, ValueError):
        return None


def _works_in(pid: int, data: Path) -> bool:
    if Path("/proc/self/cwd").exists():
        return Path(f"/proc/{pid}/cwd").readlink() == data.resolve()
    shown = subprocess.run(
        [shutil.which("ps") or "/bin/ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True
    )
    return str(data) in shown.stdout


def stop(data: Path) -> None:
    """End the server, its clients' transactions rolled back; return when it is gone."""
    pid = process_of(data) or await_late(data)
    for number, patience in ((signal.SIGINT, 30), (signal.SIGQUIT, 10)):
        if pid is None:
            return
        os.kill(pid, number)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and pid is not None:
            time.sleep(0.02)
            pid = process_of(data)


def await_late(data: Path) -> int | None:
    """The server that somebody began to start and was stopped before it wrote its pid file."""
    deadline, pid = time.monotonic() + LATEST, None
    while (data.parent / STARTING).exists() and pid is None and time.monotonic() < deadline:
        time.sleep(0.02)
        pid = process_of(data)
    (data.parent / STARTING).unlink(missing_ok=True)
    return pid
