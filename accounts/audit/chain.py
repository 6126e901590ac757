"""The hash chain over the entries: how a link is made, and whether all of them still hold."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from accounts.audit.models import AuditEntry

AT_ONCE = 2000


@dataclass(frozen=True)
class ChainCheck:
    """``broken`` is the first entry that was changed or whose predecessor is missing; None when all hold."""

    entries: int
    last_hash: str
    broken: int | None = None


def chain_hash(entry: AuditEntry) -> str:
    parts = [
        entry.previous_hash,
        entry.at.isoformat(),
        entry.actor_id,
        entry.verb,
        entry.target_type,
        entry.target_id,
        entry.details,
        entry.request_id,
        *([entry.origin] if entry.origin else []),  # entries from before there was one keep their hash
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def check_chain(told: Callable[[int], None] = lambda count: None) -> ChainCheck:
    """Walk the chain from its first entry in constant memory; ``told`` hears how many were checked so far.

    What was cut off at the end leaves an intact chain: compare ``last_hash`` with one noted earlier.
    """
    count, last = 0, ""
    for entry in AuditEntry.objects.order_by("pk").iterator(chunk_size=AT_ONCE):
        if entry.previous_hash != last or entry.hash != chain_hash(entry):
            return ChainCheck(count, last, entry.pk)
        count, last = count + 1, entry.hash
        if count % AT_ONCE == 0:
            told(count)
    return ChainCheck(count, last)
