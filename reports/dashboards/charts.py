"""Charts of pages over several rooms."""

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cs_portal.kit.charts import Chart, Series, time_chart
from cs_portal.metrics.base import Reading
from cs_portal.metrics.display import PLAIN_RATIOS, display, reason_text


def trend_chart(readings: Sequence[Reading]) -> Chart | None:
    """Recurring revenue at the end of each month, with its table; nothing while fewer than two months are known."""
    known = [(reading.period.last_day, float(reading.value)) for reading in readings if reading.value is not None]
    if len(known) < 2:
        return None
    language = get_language() or "en"
    currency = next((reading.currency for reading in readings if reading.currency), "")
    name = _("Monthly recurring revenue")
    return time_chart(
        [Series(name, "line", known), Series(_("end of the month"), "full", known)],
        title=_("Monthly recurring revenue of the last twelve months"),
        unit=currency,
        language=language,
        headings=(_("Month"), name),
        rows=[_row(reading, language) for reading in reversed(readings)],
        zero=True,
    )


def _row(reading: Reading, language: str) -> tuple[str, str]:
    said = display(reading, language) if reading.value is not None else reason_text(reading.reason, language)
    return date_format(reading.period.start, "F Y"), said


def metric_chart(readings: Sequence[Reading], name: str, language: str) -> Chart | None:
    """Any figure by month, with its table; nothing while fewer than two months are known."""
    known = [(reading.period.last_day, _drawn(reading)) for reading in readings if reading.value is not None]
    if len(known) < 2:
        return None
    return time_chart(
        [Series(name, "line", known), Series(_("end of the month"), "full", known)],
        title=_("%(figure)s by month") % {"figure": name},
        unit=_unit(readings[0]),
        language=language,
        headings=(_("Month"), name),
        rows=[_row(reading, language) for reading in reversed(readings)],
    )


def _drawn(reading: Reading) -> float:
    """Shares are drawn as people read them, in per cent."""
    return float((reading.value or 0) * (100 if _is_share(reading) else 1))


def _is_share(reading: Reading) -> bool:
    return reading.unit == "ratio" and reading.code not in PLAIN_RATIOS


def _unit(reading: Reading) -> str:
    return "%" if _is_share(reading) else reading.currency or ""
