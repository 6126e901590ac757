"""Which entry of the audit a change belongs to."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.audit.models import AuditEntry, RecordChange

Belonging = dict[AuditEntry, list[RecordChange]]


def belongings(changes: Sequence[RecordChange]) -> tuple[Belonging, dict[UUID, list[RecordChange]]]:
    """Changes by their entry, and by transaction those that nothing was recorded about; one query."""
    entries: dict[UUID | None, list[AuditEntry]] = defaultdict(list)
    for entry in _entries_of(changes) if changes else ():
        entries[entry.transaction].append(entry)
    found: Belonging = defaultdict(list)
    others: dict[UUID, list[RecordChange]] = defaultdict(list)
    for change in changes:
        entry = _entry_of(change, entries[change.transaction])
        if entry is None:
            others[change.transaction].append(change)
        else:
            found[entry].append(change)
    return found, others


def _entries_of(changes: Iterable[RecordChange]) -> Iterable[AuditEntry]:
    """Of their transactions the entries about the same records, the next ones, the last; never all of a large one."""
    within = AuditEntry.objects.filter(transaction__in={change.transaction for change in changes})
    later = AuditEntry.objects.filter(
        transaction=OuterRef("transaction"), pk__gt=Coalesce(OuterRef("after_entry"), 0)
    ).order_by("pk")
    nexts = RecordChange.objects.filter(pk__in=[change.pk for change in changes]).order_by()
    lasts = within.order_by().values("transaction").annotate(last=Max("pk"))
    wanted = Q(pk__in=nexts.values(next=Subquery(later.values("pk")[:1]))) | Q(pk__in=lasts.values("last"))
    ids: dict[str, set[str]] = defaultdict(set)
    for change in changes:
        ids[change.target_type].add(str(change.target_id))
    for kind, some in ids.items():
        wanted |= Q(target_type=kind, target_id__in=some)
    return within.filter(wanted).select_related("actor").order_by("pk")


def _entry_of(change: RecordChange, entries: Sequence[AuditEntry]) -> AuditEntry | None:
    """What is recorded after it about the same record, otherwise about another one; services record last."""
    later = [entry for entry in entries if entry.pk > (change.after_entry or 0)]
    own = (change.target_type, str(change.target_id))
    about = (entry for entry in later if (entry.target_type, entry.target_id) == own)
    return next(about, None) or next(iter(later), None) or next(reversed(entries), None)
