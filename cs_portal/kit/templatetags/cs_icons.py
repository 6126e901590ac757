"""``{% icon "target" %}``: one symbol of the sprite static/icons.svg (made from Tabler's icons, assets/icons.txt)."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """Decorative: hidden from screen readers; ``size`` "sm" is a smaller one."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" icon-{size}" if size else "",
        static("icons.svg"),
        name,
    )
