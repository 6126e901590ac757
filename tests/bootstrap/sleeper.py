"""A service for tests: says that it is ready, then waits for the end; `deaf` does not hear that it should."""

import signal
import sys
import time

from cs_bootstrap.progress import say


def _end(*_: object) -> None:
    say("asked to end")
    sys.exit()


def main() -> None:
    if "deaf" in sys.argv:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    else:
        signal.signal(signal.SIGTERM, _end)
    say("ready")
    time.sleep(60)


if __name__ == "__main__":
    main()
