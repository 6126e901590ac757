"""Days on which people work, in the regions that the workspace can choose."""

from datetime import date

import pytest

from cs_portal.kit.working_days import REGIONS, after_working_days, holidays_in, next_working_day, working_days


@pytest.mark.parametrize(
    ("region", "day", "following"),
    [
        ("", date(2026, 5, 1), date(2026, 5, 1)),
        ("DE", date(2026, 5, 1), date(2026, 5, 4)),  # Labour Day, a Friday
        ("DE-BY", date(2026, 6, 4), date(2026, 6, 5)),  # Corpus Christi
        ("DE-BE", date(2026, 6, 4), date(2026, 6, 4)),
        ("DE-SN", date(2026, 11, 18), date(2026, 11, 19)),  # Day of Repentance
        ("AT", date(2026, 10, 26), date(2026, 10, 27)),
        ("DE", date(2026, 12, 25), date(2026, 12, 28)),  # two holidays, the second on a Saturday
        ("", date(2026, 11, 28), date(2026, 11, 30)),
    ],
)
def test_the_next_working_day(region, day, following):
    assert next_working_day(day, region) == following


@pytest.mark.parametrize(
    ("start", "end", "number"),
    [
        (date(2026, 12, 21), date(2027, 1, 4), 8),  # without 25 December and 1 January
        (date(2026, 5, 4), date(2026, 5, 9), 5),
        (date(2026, 5, 9), date(2026, 5, 11), 0),
        (date(2026, 5, 9), date(2026, 5, 1), 0),
    ],
)
def test_working_days_between_two_days(start, end, number):
    assert working_days(start, end, "DE") == number


@pytest.mark.parametrize(("number", "day"), [(0, date(2026, 4, 2)), (1, date(2026, 4, 7)), (3, date(2026, 4, 9))])
def test_so_many_working_days_later_over_easter(number, day):
    assert after_working_days(date(2026, 4, 2), number, "DE-HH") == day


def test_every_region_is_known_to_the_calendar_and_no_other_is_taken():
    assert all(len(holidays_in(region, 2026)) >= 8 for region in REGIONS if region)
    with pytest.raises(KeyError):
        holidays_in("DE-XX", 2026)
