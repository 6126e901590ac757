"""One function writes the audit."""

import hashlib
import json
from typing import Any

from django.db import connection, models
from django.utils import timezone

from accounts.audit.models import AuditEntry
from accounts.models import User

CHAIN_LOCK = 7_204_001


def record(verb: str, *, by: User | None, target: models.Model, request_id: str = "", **details: Any) -> AuditEntry:
    """Append who did what to which row, in the caller's transaction; ``details`` are ids and plain words only.

    Entries form a hash chain; an advisory lock held until the transaction ends keeps it in one line.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    last = AuditEntry.objects.order_by("-pk").values_list("hash", flat=True).first() or ""
    entry = AuditEntry(
        at=timezone.now(),
        actor=by,
        verb=verb,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        details=details,
        request_id=request_id,
        previous_hash=last,
    )
    entry.hash = chain_hash(entry)
    entry.save(force_insert=True)
    return entry


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
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
