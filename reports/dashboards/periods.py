"""The period of a page: chosen in the URL, offered in a list, refused with a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.periods import written_period
from accounts.services import workspace_settings
from cs_portal.metrics.base import Period
from cs_portal.metrics.periods import DAY, add_months


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    selected: bool


@dataclass(frozen=True)
class Chosen:
    """``error`` is the sentence to show when the URL names no period; the default is then shown instead."""

    period: Period
    text: str
    error: str
    options: tuple[Option, ...] = ()

    @property
    def label(self) -> str:
        """From the first to the last day, as people write it."""
        return period_label(self.period)


def today() -> date:
    """The local date of the workspace, whatever the reader's own time zone."""
    return timezone.localdate(timezone=ZoneInfo(workspace_settings().time_zone))


def period_label(period: Period) -> str:
    return f"{date_format(period.start, 'SHORT_DATE_FORMAT')} – {date_format(period.last_day, 'SHORT_DATE_FORMAT')}"


def last_year(day: date) -> Period:
    """Twelve months that end with the day."""
    return Period(add_months(day + DAY, -12), day + DAY)


def chosen_period(request: HttpRequest) -> Chosen:
    """The period of ``?period=``, by default the last twelve months up to today."""
    day = today()
    text, error = request.GET.get("period", "").strip(), ""
    period = last_year(day)
    if text:
        period, error = _parsed(text, period)
    offered = [("", _("Last 12 months"))]
    return Chosen(period, "" if error else text, error, _options(day, "" if error else text, period, offered))


def chosen_month(request: HttpRequest) -> Chosen:
    """The month of ``?period=YYYY-MM``, by default the last one that is over."""
    day = today()
    default = Period(add_months(day.replace(day=1), -1), day.replace(day=1))
    text = request.GET.get("period", "").strip()
    period, error = _parsed(text, default) if text else (default, "")
    return Chosen(period, f"{period.last_day:%Y-%m}", error)


def chosen_figure_period(request: HttpRequest) -> Chosen:
    """The period of ``?period=``, by default the last month that is over; most figures of revenue need whole months."""
    day = today()
    months = months_until(Period(day.replace(day=1) - DAY, day.replace(day=1)), 6)[::-1]
    text, error = request.GET.get("period", "").strip(), ""
    period = months[0]
    if text:
        period, error = _parsed(text, period)
    offered = [(f"{month.start:%Y-%m}", date_format(month.start, "F Y")) for month in months]
    offered[0] = ("", offered[0][1])
    return Chosen(period, "" if error else text, error, _options(day, "" if error else text, period, offered))


def months_until(period: Period, count: int) -> list[Period]:
    """The ``count`` calendar months that end with the month of the period's last day."""
    first = period.last_day.replace(day=1)
    return [Period.of_months(add_months(first, -back), 1) for back in range(count - 1, -1, -1)]


def _parsed(text: str, default: Period) -> tuple[Period, str]:
    try:
        return written_period(text), ""
    except ValidationError as refused:
        return default, refused.messages[0]


def _options(day: date, text: str, period: Period, first: Sequence[tuple[str, str]]) -> tuple[Option, ...]:
    """What the list offers: the page's own spans first, quarters, years; and what the URL asks for."""
    first_month, offered = workspace_settings().fiscal_year_start_month, list(first)
    for back in range(6):
        year, quarter = _quarter(day, first_month, back)
        offered.append(
            (f"{year}-Q{quarter}", _("Quarter %(quarter)s of %(year)s") % {"quarter": quarter, "year": year})
        )
    year = _quarter(day, first_month, 0)[0]
    offered += [(str(year - back), _("Year %(year)s") % {"year": year - back}) for back in range(3)]
    if text not in {value for value, _label in offered}:
        offered.append((text, period_label(period)))
    return tuple(Option(value, label, value == text) for value, label in offered)


def _quarter(day: date, first_month: int, back: int) -> tuple[int, int]:
    """Fiscal year and number of the quarter that holds the day, so many quarters back."""
    months = day.year * 12 + day.month - first_month - 3 * back
    return months // 12, months % 12 // 3 + 1
