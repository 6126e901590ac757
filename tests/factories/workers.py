"""Real workers and a real beat on the test's database, to be killed in the middle of their work."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
WORKER = ("worker", "-P", "threads", "-c", "2", "-l", "WARNING")
BEAT = ("beat", "--pidfile=", "-l", "WARNING")


def until(holds: Callable[[], object], seconds: float = 120) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


class Workers:
    """Processes of Celery whose CS_VAR_DIR is a folder of the test's own."""

    def __init__(self, var: Path, **environment: str) -> None:
        database = connection.settings_dict
        address = f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/"
        self.environment = os.environ | {"DATABASE_URL": address + database["NAME"], "CS_VAR_DIR": str(var)}
        self.environment |= environment
        self.var = var
        self.running: list[subprocess.Popen[bytes]] = []
        (var / "broker").mkdir(exist_ok=True)

    def start(self, *command: str) -> "subprocess.Popen[bytes]":
        call = [sys.executable, "-m", "celery", "-A", "cs_portal", *command]
        with (self.var / f"log-{len(self.running)}").open("wb") as log:
            self.running.append(
                subprocess.Popen(call, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True)
            )
        return self.running[-1]

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """As the kernel does it when memory is out: nothing is handed back."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        for process in self.running:
            self.kill(process)
