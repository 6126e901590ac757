"""Words for definitions, bands and states."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cs_portal.kit.charts import quantity_text
from kvi.models import Agreement, IndicatorVersion
from kvi.models.indicators import DEFINITION_FIELDS

register = template.Library()


@register.filter
def version_text(version: IndicatorVersion | None, field: str) -> str:
    """Name or question in the reader's language."""
    return version.text(field, get_language() or "en") if version is not None else ""


@register.filter
def signer(agreement: Agreement) -> str:
    person = agreement.contact or agreement.user
    return str(person)


@register.simple_tag
def quantity(value: Decimal | None, unit: str) -> str:
    return "—" if value is None else quantity_text(value, unit or "", get_language() or "en")


@register.simple_tag
def band_name(band: str) -> str:
    names = {"ahead": _("ahead"), "on_path": _("on path"), "behind": _("behind"), "critical": _("critical")}
    return names.get(band, "")


@register.simple_tag
def state_name(state: str) -> str:
    names = {
        "not_defined": _("not defined"),
        "proposed": _("proposed"),
        "agreed": _("agreed"),
        "off_path": _("off path"),
        "stale": _("stale"),
        "disputed": _("disputed"),
    }
    return names.get(state, state)


@register.simple_tag
def changes(proposal: IndicatorVersion, versions: list[IndicatorVersion]) -> list[dict[str, Any]]:
    """What a proposal changes against the version before it; empty for a first one."""
    before = next((version for version in versions if version.number < proposal.number), None)
    if before is None or before.state == "draft":
        return []
    names = [name for name in DEFINITION_FIELDS if name not in ("texts", "valid_from", "valid_from_last_signature")]
    differing = [name for name in names if (getattr(before, name) or None) != (getattr(proposal, name) or None)]
    return [
        {
            "label": IndicatorVersion._meta.get_field(name).verbose_name,
            "before": _shown(before, name),
            "after": _shown(proposal, name),
        }
        for name in differing
    ]


def _shown(version: IndicatorVersion, name: str) -> str:
    value = getattr(version, name)
    if isinstance(value, Decimal):
        return quantity_text(value, "", get_language() or "en")
    display = getattr(version, f"get_{name}_display", None)
    return str(display() if display else value) if value not in (None, "", []) else "—"
