"""``{% keep "page" "columns" %}``: the rest of the URL as hidden fields of a form that is about these."""

from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from cs_portal.kit.lists.base import List, words
from cs_portal.kit.lists.editing import Box

register = template.Library()


@register.simple_tag(takes_context=True)
def keep(context: template.Context, *without: str) -> SafeString:
    """Of the list's own parameters and the view's; never the page."""
    declared: List = context["list"]
    params = context["request"].GET
    names = [name for name in sorted({*declared.parameters(), "view"}) if name in params and name not in without]
    pairs = [(name, ",".join(words(params, name)) if name == "columns" else params[name]) for name in names]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', [pair for pair in pairs if pair[1]])


@register.simple_tag(takes_context=True)
def keep_but_filters(context: template.Context) -> SafeString:
    """For the form that holds the filters, and the period where the page has one."""
    fields = context["filter"].filters
    return keep(context, *fields, *(("period",) if context.get("chosen") else ()))


@register.filter
def is_group(part: Any) -> bool:
    return isinstance(part, Box)
