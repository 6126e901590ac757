"""Damaged mappings and exports: whatever happens to them, they are read or refused with a reason."""

import io
import random
from contextlib import ExitStack
from pathlib import Path

import pytest

from accounts.integrations.mappings.converting import Folder, convert
from accounts.integrations.mappings.errors import MappingError, SourceError
from accounts.integrations.mappings.mapping import SHIPPED, read_mapping, shipped
from cs_portal.imports import FILES

PIECES = [
    b"", b"\0", b'"', b"\n", b"\r", b",", b";", b"\xff", b"\xef\xbb\xbf", b"9" * 50, b"[" * 3000, b"{}", b"null", b"-",
    b"=", b"[[target]]\n", b"{ column = ", b"%d", b"\xc3\xbc", b"\\ud800",
]  # fmt: skip


def damaged(data: bytes, chance: random.Random) -> bytes:
    for _time in range(chance.randint(1, 4)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((0, 1, 5, 100)))
        data = data[:start] + chance.choice((*PIECES, data[end : end + 20])) + data[end:]
    return data


def attempt(path: Path, name: str, chance: random.Random) -> str:
    text = (SHIPPED / f"{name}.toml").read_bytes()
    path.write_bytes(damaged(text, chance) if chance.random() < 0.5 else text)
    mapping = read_mapping(str(path), FILES)
    files = {
        file.replace("*", "x"): damaged(sample(file), chance) for s in mapping.sources.values() for file in s.files
    }
    with ExitStack() as stack:
        for made in convert(mapping, Folder(list(files), lambda file: io.BytesIO(files[file])), FILES, stack):
            assert made.rejected >= len(made.findings)
    return "read"


def sample(file: str) -> bytes:
    """With every column that a shipped mapping reads, and with values of all kinds."""
    if not file.endswith(".csv"):
        return b'{"event": "E", "properties": {"time": 17, "distinct_id": "u"}, "user_id": "u", "id": 5}\n' * 3
    columns = {word for name in shipped() for word in (SHIPPED / f"{name}.toml").read_text().split('"')[1::2]}
    plain = list({column.casefold(): column for column in sorted(columns) if "{" not in column}.values())
    rows = [[f"{number}"] * len(plain) for number in (1, 20, "2024-01-05")]
    return "".join(";".join(row) + "\n" for row in (plain, *rows)).encode()


def try_all(path: Path, times: int) -> dict[str, int]:
    outcomes: dict[str, int] = {}
    for number in range(times):
        chance = random.Random(number)
        try:
            outcome = attempt(path, shipped()[number % len(shipped())], chance)
        except (MappingError, SourceError) as refusal:
            outcome = type(refusal).__name__
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    return outcomes


def test_a_damaged_mapping_or_export_is_read_or_refused(tmp_path):
    outcomes = try_all(tmp_path / "own.toml", 200)
    assert {"read", "MappingError", "SourceError"} <= set(outcomes)


@pytest.mark.deep
def test_thousands_of_damaged_ones_are_read_or_refused(tmp_path):
    assert sum(try_all(tmp_path / "own.toml", 5000).values()) == 5000
