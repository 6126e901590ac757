"""What both sides sign: one canonical text of a definition, and its hash."""

import hashlib
import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cs_portal.metrics.exact import plain
from kvi.models import IndicatorVersion
from kvi.models.indicators import DEFINITION_FIELDS

LANGUAGES = ("de", "en")


def canonical_json(version: IndicatorVersion) -> str:
    """Sorted keys, both languages, dates and numbers in one spelling; the same text from memory and database.

    A first day that follows from the last signature is no part of it, only the rule that it does.
    """
    content = {name: _plain(getattr(version, name)) for name in DEFINITION_FIELDS}
    if version.valid_from_last_signature:
        content["valid_from"] = None
    content["path_points"] = [[day, plain(Fraction(share))] for day, share in version.path_points or ()]
    content["indicator"] = version.indicator.external_id
    content["number"] = version.number
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def content_hash(version: IndicatorVersion) -> str:
    """SHA-256 of the canonical text, as hexadecimal digits."""
    return hashlib.sha256(canonical_json(version).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return plain(value)
    return [_plain(item) for item in value] if isinstance(value, list) else value


def named(texts: dict[str, dict[str, str]], language: str) -> dict[str, str]:
    """The name and question that stand for the definition: in the language where it has a name, otherwise the first."""
    first = next(one for one in (language, *LANGUAGES) if texts.get(one, {}).get("name"))
    return {"name": texts[first]["name"], "question": texts[first]["question"]}


def of_another_kind(kind: str, direction: str) -> tuple[str, ...]:
    """The parts of a definition that mean nothing for this kind of measurement."""
    if kind == IndicatorVersion.Kind.QUALITATIVE:
        return ("direction", "range_low", "range_high", "tolerance_outside")
    if direction == IndicatorVersion.Direction.MAINTAIN:
        return ("baseline", "target", "levels")
    return ("range_low", "range_high", "tolerance_outside", "levels")
