"""Readings in templates, in the reader's language: ``display``, ``why``, ``interval``, ``number``."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from cs_portal.metrics import display as shown
from cs_portal.metrics.base import Reading

register = template.Library()


def _language() -> str:
    return get_language() or "en"


@register.filter
def display(reading: Reading | None) -> str:
    """The rounded value, or a dash when it is missing."""
    return shown.DASH if reading is None else shown.display(reading, _language())


@register.filter
def why(reading: Reading | None) -> str:
    """The short reason of a missing value; empty when there is a value."""
    return shown.reason_text(reading.reason if reading else "no_data", _language())


@register.filter
def interval(reading: Reading | None) -> str:
    """``[low, high]``, empty without one."""
    return shown.display_interval(reading, _language()) if reading else ""


@register.simple_tag
def number(reading: Reading | None) -> SafeString:
    """The value; a dash explains itself to the eye and to a screen reader."""
    if reading is not None and reading.value is not None:
        return format_html('<span class="cs-number">{}</span>', display(reading))
    return format_html(
        '<span class="cs-number text-secondary">{} <span class="small">({})</span></span>', shown.DASH, why(reading)
    )
