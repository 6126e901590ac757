"""The port of the web server, which several instances on one machine never share."""

import argparse
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from cs_bootstrap.progress import Failure

DEFAULT = 8000


def number(text: str) -> int:
    """For argparse."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text} is no port: give a number from 1 to 65535")
    return int(text)


@contextmanager
def free_port(wanted: int | None) -> Iterator[int]:
    """The wanted port or a message; without a wish the first free one from 8000 on. No other ./cs gets it meanwhile.

    The web server's workers share their port among themselves, so that two servers that were started at the same
    moment would share it too, each answering half the requests from its own database.
    """
    for port in [wanted] if wanted else [*range(DEFAULT, DEFAULT + 100), 0]:
        with socket.socket() as probe, socket.socket(type=socket.SOCK_DGRAM) as claim:  # UDP: in nobody's way
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                found = int(probe.getsockname()[1])
                claim.bind(("127.0.0.1", found))
            except PermissionError:
                raise Failure(f"Port {port} is only for root: choose one from 1024 on or leave --port away.") from None
            except OSError:
                continue
            probe.close()
            yield found
            return
    raise Failure(f"Port {wanted} is taken: choose another one or leave --port away.")
