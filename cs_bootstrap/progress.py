"""Lines for the person waiting. Always on standard error: standard output belongs to the command that was asked for."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Failure(Exception):
    """Something the person can act on; shown without a trace, exit status 1."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Name the work when it begins and tell how long it took when it is done."""
    print(f"· {name} … ", end="", file=sys.stderr, flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        say("failed")
        raise
    say(f"{time.monotonic() - began:.1f} s")


@contextmanager
def brief(name: str, patience: float = 1.0) -> Iterator[None]:
    """A step that is usually over at once: named only when it takes longer than that."""
    began, told = time.monotonic(), threading.Event()

    def tell() -> None:
        print(f"· {name} … ", end="", file=sys.stderr, flush=True)
        told.set()

    notice = threading.Timer(patience, tell)
    notice.start()
    try:
        yield
    finally:
        notice.cancel()
        notice.join()
        if told.is_set():
            say(f"{time.monotonic() - began:.1f} s")
