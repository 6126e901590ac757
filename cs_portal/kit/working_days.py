"""Days on which people work: Monday to Friday without the public holidays of the workspace's region."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

import holidays
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOWHERE = ""
REGIONS: Mapping[str, str | Promise] = {
    NOWHERE: _("No public holidays"),
    "DE": _("Germany, only nationwide holidays"),
    "DE-BW": "Baden-Württemberg",
    "DE-BY": _("Bavaria"),
    "DE-BE": "Berlin",
    "DE-BB": "Brandenburg",
    "DE-HB": "Bremen",
    "DE-HH": "Hamburg",
    "DE-HE": _("Hesse"),
    "DE-MV": _("Mecklenburg-Western Pomerania"),
    "DE-NI": _("Lower Saxony"),
    "DE-NW": _("North Rhine-Westphalia"),
    "DE-RP": _("Rhineland-Palatinate"),
    "DE-SL": "Saarland",
    "DE-SN": _("Saxony"),
    "DE-ST": _("Saxony-Anhalt"),
    "DE-SH": "Schleswig-Holstein",
    "DE-TH": _("Thuringia"),
    "AT": _("Austria"),
}
SATURDAY = 5
DAY = timedelta(days=1)


@cache
def holidays_in(region: str, year: int) -> frozenset[date]:
    """The public holidays of a region of ``REGIONS``; raises KeyError for another one."""
    if region not in REGIONS:
        raise KeyError(region)
    if region == NOWHERE:
        return frozenset()
    country, _sep, part = region.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))


def is_working_day(day: date, region: str) -> bool:
    return day.weekday() < SATURDAY and day not in holidays_in(region, day.year)


def next_working_day(day: date, region: str) -> date:
    """The day itself when people work on it, otherwise the first one after it."""
    while not is_working_day(day, region):
        day += DAY
    return day


def after_working_days(day: date, number: int, region: str) -> date:
    """The working day that lies ``number`` working days after the day; 0 is ``next_working_day``."""
    day = next_working_day(day, region)
    for _number in range(number):
        day = next_working_day(day + DAY, region)
    return day


def working_days(start: date, end: date, region: str) -> int:
    """How many there are from ``start`` up to and without ``end``; 0 when it does not lie after it."""
    return sum(is_working_day(start + DAY * number, region) for number in range((end - start).days))
