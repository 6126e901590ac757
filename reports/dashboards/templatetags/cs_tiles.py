"""A figure with its uncertainty and its explanation; a work list's clock."""

from typing import Any

from django import template
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cs_portal.kit.lists.readings import shown
from cs_portal.metrics.base import Reading
from cs_portal.metrics.display import display, display_interval, reason_text
from kvi.catalog import CATALOG

from ..periods import period_label

register = template.Library()
register.filter("shown", shown)


@register.filter
def get(numbers: dict[str, Reading], metric: str) -> Reading | None:
    """A reading of a dictionary by its metric, which may hold a colon."""
    return numbers.get(metric) if numbers else None


@register.inclusion_tag("dashboards/_tile.html")
def tile(label: str, reading: Reading | None, previous: Reading | None = None, note: str = "") -> dict[str, Any]:
    """One figure: value, interval, n, the previous period's value, and how it is computed."""
    language = get_language() or "en"
    context: dict[str, Any] = {"label": label, "reading": reading, "note": note, "value": "—"}
    if reading is None:
        return context
    return context | {
        "value": display(reading, language),
        "interval": display_interval(reading, language),
        "reason": reason_text(reading.reason, language),
        "previous": display(previous, language) if previous is not None and previous.value is not None else "",
        "formula": CATALOG[reading.code].formula_text,
        "period": period_label(reading.period),
    }


@register.simple_tag
def clock(days_left: int | None) -> str:
    """How long there is, in words."""
    if days_left is None:
        return _("any time")
    if days_left < 0:
        return ngettext("%(days)s day overdue", "%(days)s days overdue", -days_left) % {"days": -days_left}
    if days_left == 0:
        return _("today")
    return ngettext("in %(days)s day", "in %(days)s days", days_left) % {"days": days_left}
