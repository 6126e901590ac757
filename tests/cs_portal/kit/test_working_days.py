"""Days on which people work, in the regions that the workspace can choose, and clocks that run on them only."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cs_portal.kit.working_days import REGIONS, after_working_time, holidays_in, is_working_day

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("region", "day", "works"),
    [
        ("", date(2026, 5, 1), True),
        ("DE", date(2026, 5, 1), False),  # Labour Day, a Friday
        ("DE-BY", date(2026, 6, 4), False),  # Corpus Christi
        ("DE-BE", date(2026, 6, 4), True),
        ("DE-SN", date(2026, 11, 18), False),  # Day of Repentance
        ("AT", date(2026, 10, 26), False),
        ("", date(2026, 11, 28), False),  # a Saturday
    ],
)
def test_on_which_days_people_work(region, day, works):
    assert is_working_day(day, region) is works


@pytest.mark.parametrize(
    ("region", "start", "hours", "end"),
    [
        ("", "2026-11-24 15:00", 24, "2026-11-25 15:00"),
        ("", "2026-11-27 15:00", 24, "2026-11-30 15:00"),  # a Friday
        ("", "2026-11-28 11:00", 24, "2026-12-01 00:00"),  # on a Saturday it begins on Monday
        ("", "2026-11-27 15:00", 9, "2026-11-28 00:00"),
        ("DE", "2026-12-23 15:00", 48, "2026-12-28 15:00"),  # Christmas Eve is worked on, two days are not
        ("DE-HH", "2026-04-02 10:00", 24, "2026-04-07 10:00"),  # over Easter
        ("DE", "2026-10-23 12:00", 24, "2026-10-26 12:00"),  # the clocks change on a day that does not count
        ("", "2026-11-24 15:00", 0, "2026-11-24 15:00"),
    ],
)
def test_the_clock_stands_still_where_nobody_works(region, start, hours, end):
    begun = datetime.fromisoformat(start).replace(tzinfo=BERLIN).astimezone(UTC)
    due = after_working_time(begun, timedelta(hours=hours), region, BERLIN)
    assert due.astimezone(BERLIN).isoformat(" ", "minutes")[:16] == end


def test_every_region_is_known_to_the_calendar_and_no_other_is_taken():
    assert all(len(holidays_in(region, 2026)) >= 8 for region in REGIONS if region)
    with pytest.raises(KeyError):
        holidays_in("DE-XX", 2026)
