"""A file as records with the physical line each begins on. Read in a stream, however big the file."""

import codecs
import csv
import hashlib
import io
import itertools
import os
import re
from collections.abc import Iterator
from typing import BinaryIO

MAX_BYTES, MAX_ROWS = 500 * 1024 * 1024, 5_000_000
CHUNK = 1 << 20
QUOTED = re.compile(r'"[^"]*"')

Record = tuple[int, list[str] | None]

csv.field_size_limit(MAX_BYTES)


class FileUnfit(Exception):
    """The whole file is rejected: code, value, message."""

    def __init__(self, code: str, value: str, message: str) -> None:
        self.code, self.value, self.message = code, value, message


def digest(file: BinaryIO) -> str:
    """The file's SHA-256; raises FileUnfit when it is too big or not UTF-8 throughout."""
    size = os.fstat(file.fileno()).st_size
    if size > MAX_BYTES:
        raise FileUnfit("too_large", str(size), "The file has more than 500 MiB; split it.")
    decoder, sha = codecs.getincrementaldecoder("utf-8")(), hashlib.sha256()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            sha.update(chunk)
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        value = error.object[error.start : error.end].hex(" ")
        raise FileUnfit("bad_encoding", value, "The file is not UTF-8; save it as UTF-8 and load it again.") from None
    return sha.hexdigest()


def records(file: BinaryIO, encoding: str = "utf-8-sig", delimiter: str = "") -> Iterator[Record]:
    """Header first, then the rows; None instead of fields where quotes are not closed or not at a cell's edges.

    Without a delimiter the header says which it is.
    """
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        head = _head(text)
        separator = delimiter or _delimiter("".join(head))
        reader = csv.reader(itertools.chain(head, text), delimiter=separator, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield line, None
                continue
            if fields:
                yield line, fields
    finally:
        if not file.closed:  # a load that failed has closed it already
            text.detach()


def _head(text: io.TextIOWrapper) -> list[str]:
    """The lines up to the end of the header record."""
    lines = []
    for line in text:
        lines.append(line)
        if line.strip("\r\n") and sum(part.count('"') for part in lines) % 2 == 0:
            break
    return lines


def _delimiter(header: str) -> str:
    bare = QUOTED.sub("", header)
    return ";" if bare.count(";") > bare.count(",") else ","
