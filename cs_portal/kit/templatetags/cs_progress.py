"""``{% progress attainment planned band %}``: how far it is, and how far it should be, as a bar with a mark."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cs_portal.metrics.base import Reading
from cs_portal.metrics.display import display

register = template.Library()
FILLS = {"ahead": "good", "on_path": "good", "behind": "watch", "critical": "bad"}
STATUS = {
    "agreed": "good", "proposed": "info", "off_path": "watch", "stale": "watch", "disputed": "bad", "not_defined": "",
    "confirmed": "good", "unconfirmed": "info", "draft": "", "countered": "", "superseded": "", "retired": "",
    "declined": "bad", "withdrawn": "", "achieved": "good", "ahead": "good", "on_path": "good", "behind": "watch",
    "critical": "bad", "in_review": "info", "released_by_csm": "info", "released_by_customer": "good", "issued": "good",
}  # fmt: skip


@register.simple_tag(takes_context=True)
def progress(
    context: template.Context, attainment: Reading | None, planned: Reading | None = None, band: str = ""
) -> SafeString:
    if attainment is None or attainment.value is None:
        return SafeString("")
    share = _percent(attainment)
    plan = SafeString("")
    if planned is not None and planned.value is not None:
        at = _percent(planned)
        plan = format_html('<line class="plan" x1="{}%" x2="{}%" y1="0" y2="10"></line>', at, at)
    return format_html(
        '<svg class="progress-svg" role="img" aria-label="{}"><rect class="track" y="2" width="100%" height="6" rx="3">'
        '</rect><rect class="fill{}" y="2" width="{}%" height="6" rx="3"></rect>{}</svg>',
        display(attainment, context.get("LANGUAGE_CODE") or "en"),
        f" fill-{FILLS[band]}" if band in FILLS else "",
        share,
        plan,
    )


def _percent(reading: Reading) -> str:
    value = min(max(reading.value or 0, 0), 1)
    return f"{float(value) * 100:.1f}"


@register.filter
def status_class(state: str) -> str:
    """The colour class of a state's badge."""
    return f"status-{STATUS[state]}" if STATUS.get(state) else ""
