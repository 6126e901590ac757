"""Random directories, good and bad mixed: a dry run says what the load says, and loading twice changes nothing."""

import random

import pytest
from django.db import connection

from accounts.integrations.services import files_of_the_contract
from cs_portal.kit.filespec import Column

VALUES = {
    "id": "A B C Z", "str": "a b é a@b", "text": "a b", "int": "0 1 2 5 7 10 -1", "dec": "0 1 2.5 -1 x",
    "date": "2024-01-01 2024-06-01 2023-01-01 x", "bool": "true 0", "cur": "EUR USD x", "list": "a|b a|b|c",
    "ts": "2024-01-01 2024-06-01T10:00Z 2025-10-26T02:30 2025-03-30T02:30", "shares": "0|1 0|0.5|1 2|1",
    "path": "2024-01-01:0.5 2024-01-01:0.5|2023-01-01:1",
    "object": "{} []",
}  # fmt: skip


def value(column: Column, dice: random.Random) -> str:
    if dice.random() < (0.03 if column.required else 0.5):
        return ""
    return dice.choice(column.words or VALUES[column.type].split())


def directory(dice: random.Random) -> dict[str, str]:
    """Every file, with some of its columns in any order and up to eight rows."""
    files = {}
    for spec in files_of_the_contract():
        columns = [column for column in spec.columns if column.required or dice.random() < 0.7]
        dice.shuffle(columns)
        rows = [[value(column, dice) for column in columns] for _ in range(dice.randint(1, 8))]
        lines = [[column.name for column in columns], *rows]
        files[spec.name.removesuffix(".csv")] = "\n".join(",".join(line) for line in lines)
    return files


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(3, 40))])
def test_a_dry_run_tells_the_truth_and_the_second_load_changes_nothing(load, seed):
    dice = random.Random(seed)
    for _again in range(3):
        files = directory(dice)
        told, loaded, twice = load("--dry-run", **files), load(**files), load(**files)
        assert told == loaded
        assert len(loaded.out) == len(files)  # none was broken off by the database
        assert [line.split()[1:3] for line in twice.out] == [["created=0", "updated=0"]] * len(files)
        rejected = [[line.split()[-1] for line in said.out] for said in (loaded, twice)]
        assert rejected[0] == rejected[1]
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
