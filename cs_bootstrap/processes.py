"""Child processes: one in the foreground, several supervised in the background."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

from cs_bootstrap import virtualenv
from cs_bootstrap.places import ROOT
from cs_bootstrap.progress import say

LONGEST_LOG = 5_000_000
GRACE = 15.0  # seconds a process has to end by itself
STEADY = 60.0  # seconds after which a restart counts as the first again
SLOWEST_RESTART = 30.0


class Stop(Exception):
    """SIGTERM, SIGINT or SIGHUP arrived."""

    def __init__(self, number: int) -> None:
        self.status = 128 + number


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn the first signal into Stop and pass over further ones, so that the end is an orderly one."""
    stopped = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopped
        if not stopped:
            stopped = True
            raise Stop(number)

    started_by_nohup = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    signals = (signal.SIGTERM, signal.SIGINT, *(() if started_by_nohup else (signal.SIGHUP,)))
    before = {number: signal.signal(number, stop) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _interrupt_left_to_the_command() -> Iterator[None]:
    """It gets Ctrl-C from the terminal too, and decides what that means."""
    before = signal.signal(signal.SIGINT, lambda *_: None)  # SIG_IGN would be the command's too
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def command(*arguments: str | Path) -> list[str]:
    return [str(virtualenv.PYTHON), str(ROOT / "cs_bootstrap" / "child.py"), str(os.getpid()), *map(str, arguments)]


def foreground(arguments: list[str], env: Mapping[str, str], meanwhile: Callable[[], None] | None = None) -> int:
    """Run a command and return its exit status as a shell would.

    With `meanwhile`, which is called while it runs, it stands apart from our terminal and ends when we tell it.
    """
    with nullcontext() if meanwhile else _interrupt_left_to_the_command():
        child = subprocess.Popen(command(*arguments), env=env, start_new_session=meanwhile is not None)
        try:
            while True:
                try:
                    status = child.wait(timeout=0.5 if meanwhile else None)
                except subprocess.TimeoutExpired:
                    if meanwhile:
                        meanwhile()
                else:
                    return status if status >= 0 else 128 - status
        finally:
            if child.poll() is None:
                _end([child])


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    deadline = time.monotonic() + GRACE
    for child in children:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


@dataclass
class Service:
    """A process that is wanted for as long as the supervisor runs."""

    name: str
    arguments: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    due: float = 0.0

    def start(self, env: Mapping[str, str]) -> None:
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
            self.log.replace(self.log.with_suffix(".old.log"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command(*self.arguments),
                env=env,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches ./cs only, which ends them in order
            )
        self.started = time.monotonic()

    def tend(self, env: Mapping[str, str]) -> None:
        """Start it again when it ended by itself, later each time that it does not last."""
        now = time.monotonic()
        if self.process is not None:
            if self.process.poll() is None:
                return
            self.failures = 0 if now - self.started > STEADY else self.failures + 1
            wait = min(SLOWEST_RESTART, 2.0 ** (self.failures - 1)) if self.failures > 1 else 0.2
            say(f"{self.name} ended with {self.process.returncode}, next start in {wait:g} s; see {self.log}")
            self.process, self.due = None, now + wait
        if now >= self.due:
            self.start(env)


class Supervisor:
    """Keeps services running until `end`."""

    def __init__(self, env: Mapping[str, str], repair: Callable[[], None]) -> None:
        self.env, self._repair = env, repair
        self.services: list[Service] = []

    def add(self, service: Service, *, after: float = 0.0) -> None:
        """Start it now, or while tending once these seconds are over."""
        service.due = time.monotonic() + after
        service.tend(self.env)
        self.services.append(service)

    def tend(self) -> None:
        self._repair()
        for service in self.services:
            service.tend(self.env)

    def forever(self) -> NoReturn:
        while True:
            self.tend()
            time.sleep(0.5)

    def end(self) -> None:
        _end([service.process for service in self.services if service.process])
        self.services.clear()
