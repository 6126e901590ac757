"""Periods (metrics.md, section 2)."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_portal.metrics.base import BadPeriod, Period
from cs_portal.metrics.periods import add_months, month_length, months_in, year_length, years_in

DAYS = st.dates(date(1970, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("text", "first_month", "bounds"),
    [
        ("2025-01", 1, "2025-01-01..2025-02-01"),
        ("2024-02", 4, "2024-02-01..2024-03-01"),
        ("2025-12", 1, "2025-12-01..2026-01-01"),
        ("2025", 1, "2025-01-01..2026-01-01"),
        ("2025", 4, "2025-04-01..2026-04-01"),
        ("2025-Q1", 1, "2025-01-01..2025-04-01"),
        ("2025-Q4", 4, "2026-01-01..2026-04-01"),
        ("2025-Q3", 12, "2026-06-01..2026-09-01"),
        ("2025-03-30..2025-03-31", 1, "2025-03-30..2025-03-31"),
    ],
)
def test_how_a_period_is_written(text, first_month, bounds):
    assert str(Period.parse(text, first_month)) == bounds


@pytest.mark.parametrize(
    "text",
    [
        "", "25", "2025-1", "2025-13", "2025-00", "0000", "9999", "2025-Q0", "2025-Q5", "2025-q1", "2025Q1", " 2025",
        "2025\n", "2025-01-01", "2025-01-01..", "..2025-01-01", "2025-01-01..2025-01-01", "2025-02-01..2025-01-01",
        "2025-01-01..2025-02-30", "2025-01-01...2025-02-01", "2025-01..2025-02", "20250101..20250201", "٢٠٢٥",
        "2025-W01", "2025-01-01..2025-W05-1", "12025", "-2025",
    ],
)  # fmt: skip
def test_what_is_no_period(text):
    with pytest.raises(BadPeriod):
        Period.parse(text)


def test_the_days_of_a_period():
    period = Period.parse("2025-Q1")
    assert (period.last_day, period.opening_day, period.days, period.months) == (
        date(2025, 3, 31), date(2024, 12, 31), 90, 3,
    )  # fmt: skip
    assert Period.parse("2025-01-01..2025-01-31").months is None


@pytest.mark.parametrize(
    ("text", "previous"),
    [
        ("2025-01", "2024-12-01..2025-01-01"),
        ("2025-03", "2025-02-01..2025-03-01"),
        ("2025-Q1", "2024-10-01..2025-01-01"),
        ("2025", "2024-01-01..2025-01-01"),
        ("2025-01-01..2025-03-01", "2024-11-01..2025-01-01"),
        ("2025-03-10..2025-03-20", "2025-02-28..2025-03-10"),
        ("0001-01-01..0001-02-01", "0001-01-01..0001-01-02"),
    ],
)
def test_the_previous_period(text, previous):
    assert str(Period.parse(text).previous()) == previous


def test_the_last_days():
    assert str(Period.trailing(28, until=date(2025, 3, 1))) == "2025-02-02..2025-03-02"


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [("2024-12-31", 2, "2025-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2025-03-31", -1, "2025-02-28")],
)
def test_months_are_clipped(day, months, later):
    assert add_months(date.fromisoformat(day), months).isoformat() == later


@given(DAYS, st.integers(0, 800))
def test_days_are_shared_out_over_months_and_years(start, days):
    span = [start + timedelta(number) for number in range(days)]
    end = start + timedelta(days)
    assert months_in(start, end) == sum((Fraction(1, month_length(day)) for day in span), Fraction(0))
    assert years_in(start, end) == sum((Fraction(1, year_length(day)) for day in span), Fraction(0))
    assert months_in(end, start) == 0 or days == 0


@given(DAYS, st.integers(1, 5000))
def test_equal_bounds_are_equal_however_they_were_written(start, days):
    period = Period(start, start + timedelta(days))
    assert Period.parse(str(period)) == period
    assert period.previous().end == period.start
