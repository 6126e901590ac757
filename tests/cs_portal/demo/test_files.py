"""The demo company's files: the same for a day wherever they are written, and good on every day of the year."""

import csv
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cs_portal.demo.files import write_company
from cs_portal.metrics.periods import add_months

ROOT = Path(__file__).resolve().parents[3]
OWNERS = ["a@demo.example", "b@demo.example"]
BERLIN = ZoneInfo("Europe/Berlin")
SPECIAL = [date(2024, 2, 29), date(2026, 3, 29), date(2026, 10, 25), date(2025, 12, 31)]
WRITE = f"""
import sys
from datetime import date
from pathlib import Path
from cs_portal.demo.files import write_company
write_company(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]), {OWNERS})
"""


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def exists_in_berlin(text: str) -> bool:
    local = datetime.fromisoformat(text)
    there_and_back = local.replace(tzinfo=BERLIN).astimezone(ZoneInfo("UTC")).astimezone(BERLIN)
    return there_and_back.replace(tzinfo=None) == local


@pytest.mark.parametrize("anchor", SPECIAL, ids=str)
def test_the_same_day_gives_the_same_bytes_in_another_process(tmp_path, anchor):
    counts = write_company(tmp_path / "here", anchor, OWNERS)
    env = {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", WRITE, tmp_path / "there", anchor.isoformat()], cwd=ROOT, env=env, check=True)
    here, there = ({file.name: file.read_bytes() for file in (tmp_path / side).iterdir()} for side in ("here", "there"))
    assert here == there
    assert set(here) == set(counts)


@pytest.mark.parametrize("anchor", SPECIAL, ids=str)
def test_forty_customers_in_two_languages_with_two_years_of_history(tmp_path, anchor):
    write_company(tmp_path, anchor, OWNERS)
    customers = rows(tmp_path, "customers.csv")
    assert Counter(row["language"] for row in customers) == {"de": 28, "en": 12}
    assert len({row["external_id"] for row in customers}) == 40
    begun = min(row["onboarding_start"] for row in customers)
    assert begun == str(add_months(anchor.replace(day=1), -24))
    measured = rows(tmp_path, "kvi_measurements.csv")
    assert {row["status"] for row in measured} == {"confirmed", "unconfirmed", "disputed"}
    dates = [row["date"] for row in measured] + [
        row["sent_at"][:10] for row in rows(tmp_path, "survey_invitations.csv")
    ]
    assert max(dates) <= str(anchor)
    scores = Counter(min(int(row["score"]) // 7, 1) for row in rows(tmp_path, "survey_responses.csv"))
    assert min(scores[0], scores[1]) > 50, "detractors as well as others"


def test_on_no_day_does_anybody_answer_in_an_hour_that_clocks_skip(tmp_path):
    """Written for the days after each time change, when answers fall into its night."""
    for anchor in (date(2025, 11, 1) + timedelta(days=day) for day in range(0, 14)):
        write_company(tmp_path, anchor, OWNERS)
        answers = rows(tmp_path, "survey_responses.csv")
        assert [row["answered_at"] for row in answers if not exists_in_berlin(row["answered_at"])] == []
