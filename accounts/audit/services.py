"""One function writes the audit."""

from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from accounts.audit.chain import chain_hash
from accounts.audit.models import AuditEntry
from accounts.models import User
from cs_portal.kit import tracing

CHAIN_LOCK = 7_204_001


@transaction.atomic(savepoint=False)
def record(verb: str, *, by: User | None, target: models.Model, **details: Any) -> AuditEntry:
    """Append who did what to which row, in the caller's transaction; ``details`` are ids and plain words only.

    The request and the network it came from are those being served. Entries form a hash chain; an advisory lock
    held until the transaction ends keeps it in one line.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    last = AuditEntry.objects.order_by("-pk").values_list("hash", flat=True).first() or ""
    trace = tracing.current()
    entry = AuditEntry(
        at=timezone.now(),
        actor=by,
        verb=verb,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        details=details,
        request_id=trace.request_id,
        origin=trace.origin,
        previous_hash=last,
    )
    entry.hash = chain_hash(entry)
    entry.save(force_insert=True)
    return entry
