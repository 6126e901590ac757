"""Days on which people work: Monday to Friday without the public holidays of the workspace's region."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

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


def after_working_time(moment: datetime, length: timedelta, region: str, zone: ZoneInfo) -> datetime:
    """When ``length`` has gone by on working days; on all other days of the zone the clock stands still."""
    moment = moment.astimezone(UTC)
    day = moment.astimezone(zone).date()
    while True:
        end = _midnight(day + DAY, zone)
        if is_working_day(day, region):
            if moment + length <= end:
                return moment + length
            length -= end - moment
        moment, day = end, day + DAY


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
