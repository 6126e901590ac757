"""Rows with one contract key become one row, in memory or, when there are many, by way of the disk."""

import random
from contextlib import ExitStack

import pytest

from accounts.integrations.mappings import grouping
from accounts.integrations.mappings.grouping import Group, Groups

MAPPING = """
[source.s]
file = "s.csv"
[[target]]
file = "exchange_rates.csv"
source = "s"
[target.columns]
currency = "c"
valid_from = "d"
rate = {rate}
[target.group]
{how} = "rate"
"""


def rates(translate, how: str, rows: str, rate: str = '"r"'):
    said = translate(MAPPING.format(how=how, rate=rate), {"s.csv": f"c,d,r\n{rows}"})
    return ["|".join(row.values()) for row in said.rows["exchange_rates.csv"]], said.refused


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("sum", ["A|1|0.3", "B|1|5"]),
        ("min", ["A|1|-10", "B|1|5"]),
        ("max", ["A|1|10.2", "B|1|5"]),
        ("first", ["A|1|0.1", "B|1|5"]),
        ("last", ["A|1|-10", "B|1|5"]),
    ],
)
def test_numbers_are_put_together_exactly(translate, how, expected):
    assert rates(translate, how, "A,1,0.1\nB,1,5\nA,1,10.2\nB,1,\nA,1,-10\n") == (expected, [])


def test_a_row_that_cannot_be_added_is_refused_and_the_others_are_added(translate):
    assert rates(translate, "sum", f"A,1,2\nA,1,two\nA,1,{'9' * 50}\nA,1,3\n") == (
        ["A|1|5"],
        ['s.csv:3:r:bad_value: "two"', f's.csv:4:r:out_of_range: "{"9" * 50}"'],
    )


def test_a_thousand_large_numbers_lose_no_digit(translate):
    row = "A,1,999999999999999999.0000000001\n"
    assert rates(translate, "sum", row * 1000)[0] == ["A|1|999999999999999999000.0000001"]


@pytest.mark.parametrize("most", [1, 3, 1000])
def test_on_the_disk_the_sums_are_the_same(monkeypatch, most):
    monkeypatch.setattr(grouping, "IN_MEMORY", most)
    rows = [(str(random.Random(n).randrange(20)), str(n)) for n in range(200)]
    expected: dict[str, tuple[int, int, str]] = {}
    for n, (key, value) in enumerate(rows):
        total, first, name = expected.get(key, (0, n, f"row {n}"))
        expected[key] = total + int(value), first, name
    with ExitStack() as stack:
        group = Group(("key",), {"value": ("sum", True), "name": ("first", False)})
        groups = Groups(group, ["key", "value", "name"], stack)
        for n, (key, value) in enumerate(rows):
            groups.add((0, n), [key, value, f"row {n}"])
        found = {values[0]: (int(values[1]), place[1], values[2]) for place, values in groups.rows()}
    assert found == expected
