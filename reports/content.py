"""What a value report says, as one JSON object: its hash, and the readings inside."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cs_portal.metrics.base import Reading

SCHEMA = 1
Content = dict[str, Any]


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON (sorted keys, no spaces), 64 hexadecimal digits."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def reading_of(stored: Mapping[str, Any], content: Mapping[str, Any]) -> Reading:
    """A reading of the content, with the currency the content was measured in."""
    return Reading.from_json(stored, content["currency"] if stored["unit"] == "money" else None)


def has_data(content: Mapping[str, Any]) -> bool:
    """Whether there is anything to tell: an agreed indicator, or an answer."""
    return any(goal["indicators"] for goal in content["goals"]) or bool(content["feedback"]["answered"])
