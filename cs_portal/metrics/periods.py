"""Half-open spans of local days (metrics.md, section 2)."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Self

DAY = timedelta(days=1)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_QUARTER = re.compile(r"([0-9]{4})-Q([1-4])")
_YEAR = re.compile(r"[0-9]{4}")


class BadPeriod(ValueError):
    """The text names no period."""


def parse_day(text: str) -> date:
    """``YYYY-MM-DD`` and nothing else; raises ValueError."""
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def month_length(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def year_length(day: date) -> int:
    return 366 if calendar.isleap(day.year) else 365


def add_months(day: date, months: int) -> date:
    """The same day that many months later, clipped to the month's length; raises OverflowError beyond the calendar."""
    month = day.year * 12 + day.month - 1 + months
    year, index = divmod(month, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError(f"year {year}")
    return date(year, index + 1, min(day.day, calendar.monthrange(year, index + 1)[1]))


def days_before(day: date, days: int) -> date:
    """So many days earlier, but not before the calendar."""
    return day - timedelta(min(days, (day - date.min).days))


def months_in(start: date, end: date) -> Fraction:
    """Σ over the days of [start, end) of 1 ÷ days in the day's calendar month."""
    if end <= start:
        return Fraction(0)
    whole = (end.year - start.year) * 12 + end.month - start.month
    return whole + Fraction(end.day - 1, month_length(end)) - Fraction(start.day - 1, month_length(start))


def years_in(start: date, end: date) -> Fraction:
    """Σ over the days of [start, end) of 1 ÷ days in the day's calendar year."""
    if end <= start:
        return Fraction(0)
    first, last = (Fraction((day - date(day.year, 1, 1)).days, year_length(day)) for day in (start, end))
    return end.year - start.year + last - first


@dataclass(frozen=True, order=True)
class Period:
    """[start, end): start belongs to it, end does not."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if not self.start < self.end:
            raise BadPeriod(f"{self.start}..{self.end}")

    def __str__(self) -> str:
        return f"{self.start}..{self.end}"

    @classmethod
    def parse(cls, text: str, fiscal_year_start_month: int = 1) -> Self:
        """``YYYY-MM``, ``YYYY``, ``YYYY-Qn`` or ``D1..D2``; raises BadPeriod."""
        try:
            if ".." in text:
                first, second = text.split("..", 1)
                return cls(parse_day(first), parse_day(second))
            return cls._named(text, fiscal_year_start_month)
        except (ValueError, OverflowError) as error:
            raise BadPeriod(text) from error

    @classmethod
    def _named(cls, text: str, first_month: int) -> Self:
        if match := _MONTH.fullmatch(text):
            return cls.of_months(date(int(match[1]), int(match[2]), 1), 1)
        if match := _QUARTER.fullmatch(text):
            return cls.of_months(add_months(date(int(match[1]), first_month, 1), 3 * (int(match[2]) - 1)), 3)
        if _YEAR.fullmatch(text):
            return cls.of_months(date(int(text), first_month, 1), 12)
        raise BadPeriod(text)

    @classmethod
    def of_months(cls, start: date, months: int) -> Self:
        return cls(start, add_months(start, months))

    @classmethod
    def trailing(cls, days: int, until: date) -> Self:
        """The last ``days`` local days that end with ``until``, which belongs to it; none lies before the calendar."""
        return cls(days_before(until, days - 1), until + DAY)

    @property
    def last_day(self) -> date:
        """E of metrics.md."""
        return self.end - DAY

    @property
    def opening_day(self) -> date:
        return max(self.start, date.min + DAY) - DAY

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def months(self) -> int | None:
        """k: whole calendar months; None unless both bounds are the first of a month."""
        if self.start.day != 1 or self.end.day != 1:
            return None
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month

    def previous(self) -> "Period":
        """As many months back when it is made of whole months, otherwise as many days."""
        try:
            if self.months is None:
                return Period(self.start - (self.end - self.start), self.start)
            return Period(add_months(self.start, -self.months), self.start)
        except OverflowError:
            return Period(date.min, max(self.start, date.min + DAY))

    def year_before(self) -> "Period | None":
        """Both bounds 12 months back; None when nothing is left of it, as of 28 February in a leap year."""
        try:
            return Period(add_months(self.start, -12), add_months(self.end, -12))
        except (BadPeriod, OverflowError):
            return None

    def as_json(self) -> dict[str, str]:
        return {"start": self.start.isoformat(), "end": self.end.isoformat()}
