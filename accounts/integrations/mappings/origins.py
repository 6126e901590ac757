"""From the physical lines of a made contract file back to the source's: one small record a line, on the disk."""

import struct
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import BinaryIO, cast

RECORD = struct.Struct("<HI")


def temporary(stack: ExitStack) -> BinaryIO:
    """A file without a name, closed with the stack."""
    return cast(BinaryIO, stack.enter_context(TemporaryFile()))


class Origins:
    def __init__(self, stack: ExitStack) -> None:
        self.file = temporary(stack)

    def add(self, feed: int, line: int, lines: int) -> None:
        self.file.write(RECORD.pack(feed, line) * lines)

    def of(self, line: int) -> tuple[int, int]:
        """Which feed, which line of it; the made file's header is line 1."""
        self.file.seek((line - 2) * RECORD.size)
        feed, source_line = RECORD.unpack(self.file.read(RECORD.size))
        return feed, source_line
