"""A figure explains itself: its address, its sides, what it means and what it lacks."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.translation import get_language

from cs_portal.metrics.base import Period, Reading
from kvi.catalog import CATALOG

from .. import cards

register = template.Library()
register.simple_tag(cards.hint, name="hint")
register.filter("parameter", cards.parameter_text)


@register.simple_tag
def figure_url(reading: Reading, *, file: bool = False) -> str:
    """The page on which the figure explains itself; or its customers as a file."""
    said = {"period": _written(reading.period)}
    if reading.level != "portfolio":
        said |= {"level": reading.level, "subject": reading.subject or ""}
    if reading.variant != CATALOG[reading.code].variants[0]:
        said["variant"] = reading.variant
    page = "dashboards:figure_csv" if file else "dashboards:figure"
    return f"{reverse(page, args=[reading.metric])}?{urlencode(said)}"


def _written(period: Period) -> str:
    whole_month = period.start.day == 1 and period == Period.of_months(period.start, 1)
    return f"{period.start:%Y-%m}" if whole_month else str(period)


@register.simple_tag
def sides(reading: Reading) -> tuple[str, str] | None:
    return cards.sides(reading, get_language() or "en")


@register.simple_tag
def likely(reading: Reading) -> str:
    return cards.likely(reading, get_language() or "en")
