"""A column read at once says what its cells say one by one."""

import random
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from accounts.integrations.cells import Unfit, converter
from accounts.integrations.columns import NULL, ColumnReader
from cs_portal.kit.filespec import Column

CELLS = {
    "id": ["", " a ", "b\\c", "x" * 100, "x" * 101, "tab\there", "é", "\u00a0", "nul\0", "line\nbreak"],
    "int": ["", "1", "-1", "x", "99999999999", "007"],
    "dec": ["", "1.5", "-0", "-1", "1e5", "1" * 19],
    "bool": ["", "true", "FALSE", "yes"],
    "date": ["", "2025-02-28", "2025-02-30", "1969-12-31", "x"],
    "object": ["", "{}", "[]", '{"a": NaN}', "{" * 20_000],
    "word": ["", "a", "b", "c"],
}
ZONES = ("Europe/Berlin", "America/St_Johns", "Asia/Kolkata", "America/Sao_Paulo")


@pytest.mark.parametrize("type_", sorted(CELLS))
@pytest.mark.parametrize("rest", [{"required": True}, {}, {"default": "x"}])
def test_each_kind_of_column(type_, rest):
    default = {"default": {"word": "a", "bool": "true", "date": "2025-01-01", "object": "{}"}.get(type_, "1")}
    column = Column("c", type_, words=("a", "b"), **(default if rest.get("default") else rest))
    reader, dice = ColumnReader.of(column, ZoneInfo("UTC")), random.Random(1)
    for _again in range(30):
        cells = dice.choices(CELLS[type_], k=dice.randrange(1, 6))
        texts, problems = reader.read(cells)
        assert [problems.get(place) or text for place, text in enumerate(texts)] == [one(column, c) for c in cells]


def one(column, cell):
    """As metrics.md says it of a single cell."""
    convert = converter(column, ZoneInfo("UTC"))
    text = cell.strip()
    if not text and column.required:
        return "missing_value"
    try:
        return convert(text or column.default) if text or column.default else NULL
    except Unfit as problem:
        return problem.code


@pytest.mark.parametrize("zone", ZONES)
def test_a_time_in_plain_notation_is_the_one_that_long_reading_gives(zone):
    convert = converter(Column("c", "ts"), ZoneInfo(zone))
    for day in ("2025-01-06", "2025-03-08", "2025-03-09", "2025-10-27", "1971-04-25", "2018-11-03", "2199-12-28"):
        for time in ("00:00", "05:59:59", "12:30:00.5", "23:59:59.999999"):
            for offset in ("", "Z", "+05:30", "-09:00", "+14:00"):
                short, long = f"{day}T{time}{offset}", f"{day} {time.replace('.', ',')}{offset}"
                expected = f"{day} {time}:00{offset}" if time == "00:00" else long
                assert moment(convert(short)) == moment(convert(expected))


def moment(text):
    return datetime.fromisoformat(text.replace("+00", "+00:00") if text.endswith("+00") else text)
