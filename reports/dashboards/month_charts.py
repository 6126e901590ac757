"""Charts of several figures by month, each with its table."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cs_portal.kit.charts import Chart, Series, time_chart
from cs_portal.metrics.base import Period, Reading
from cs_portal.metrics.display import display, reason_text

from .numbers import Numbers


def tickets_chart(months: Sequence[Period], numbers: Sequence[Numbers]) -> Chart | None:
    """Tickets opened and closed in each month, with their median time in the table; nothing while none is known."""
    language = get_language() or "en"
    return _months_chart(
        months, numbers, _("Tickets of the last twelve months"), language,
        (("tickets_opened", _("Tickets opened"), "line"), ("tickets_closed", _("Tickets closed"), "dash")),
        ("tickets_opened", "tickets_closed", "median_ticket_time", "first_contact_resolution"),
        (_("Month"), _("Tickets opened"), _("Tickets closed"), _("Median time, hours"), _("First contact resolution")),
    )  # fmt: skip


def onboarding_chart(months: Sequence[Period], numbers: Sequence[Numbers]) -> Chart | None:
    """How far those have come who started in each month."""
    language = get_language() or "en"
    return _months_chart(
        months, numbers, _("Onboarding by month of the start"), language,
        (("onboarding_score", _("Onboarding score"), "line"),),
        ("onboarding_score", "activation_rate", "time_to_activation"),
        (_("Started in"), _("Onboarding score"), _("Activation rate"), _("Days to activation")),
    )  # fmt: skip


def _months_chart(
    months: Sequence[Period], numbers: Sequence[Numbers], title: str, language: str,
    lines: Sequence[tuple[str, str, str]], columns: Sequence[str], headings: tuple[str, ...],
) -> Chart | None:  # fmt: skip
    series = [Series(name, mark, _points(months, numbers, code)) for code, name, mark in lines]
    series += [Series(_("in the month"), "full", one.points) for one in series[:1]]
    if len(series[0].points) < 2:
        return None
    rows = [_cells(month, found, columns, language) for month, found in zip(months, numbers, strict=True)]
    return time_chart(series, title=title, unit="", language=language, headings=headings, rows=rows[::-1], zero=True)


def _points(months: Sequence[Period], numbers: Sequence[Numbers], code: str) -> list[tuple[date, float]]:
    values = [(month.last_day, found[code].value) for month, found in zip(months, numbers, strict=True)]
    return [(day, float(value)) for day, value in values if value is not None]


def _cells(month: Period, numbers: Numbers, codes: Sequence[str], language: str) -> tuple[str, ...]:
    return date_format(month.start, "F Y"), *(_said(numbers[code], language) for code in codes)


def _said(reading: Reading, language: str) -> str:
    return display(reading, language) if reading.value is not None else reason_text(reading.reason, language)
