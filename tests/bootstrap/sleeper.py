"""A service for tests: says that it is ready, then waits for the end; `deaf` does not hear that it should."""

import signal
import sys
import time


def main() -> None:
    if "deaf" in sys.argv:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    else:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(print("asked to end")))
    print("ready", flush=True)
    time.sleep(60)


if __name__ == "__main__":
    main()
