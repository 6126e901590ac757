"""Reads on the audit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.keeping import KEPT
from accounts.audit.models import AuditEntry, RecordChange
from accounts.audit.timeline import belongings
from accounts.audit.values import Difference, Reader
from accounts.audit.words import full_name, person_name, person_number, record_name, sentence
from accounts.models import User

Target = Model | QuerySet[Model]


AT_MOST = 300  # changes that one page looks at
SHOWN = 5  # of an entry's differences; the others are folded away


@dataclass(frozen=True)
class Line:
    at: datetime
    text: str
    differences: tuple[Difference, ...] = ()

    @property
    def first(self) -> tuple[Difference, ...]:
        return self.differences[: SHOWN if len(self.differences) > SHOWN + 1 else SHOWN + 1]

    @property
    def others(self) -> tuple[Difference, ...]:
        return self.differences[len(self.first) :]


def history(*targets: Target, limit: int = 30) -> list[Line]:
    """What happened to the records and what it changed, newest first, in words with the names of today.

    A fixed number of queries: the entries, the changes, the entries that changes belong to, and one for each kind of
    record that a change names.
    """
    entries = list(entries_about(*targets)[:limit])
    changes = list(changes_about(*targets)[:AT_MOST])
    if len(changes) == AT_MOST:  # before that some are missing: it would look as if nothing had changed
        entries = [entry for entry in entries if entry.at >= changes[-1].at]
    reader = Reader(changes, {(type(row), str(row.pk)) for row in targets if isinstance(row, Model)})
    belonging, others = belongings(changes)
    told = sorted({*entries, *belonging}, key=lambda entry: entry.pk, reverse=True)
    lines = [_line(entry, reader.differences(belonging.get(entry, ()))) for entry in told]
    for some in others.values():
        lines.append(Line(some[0].at, _("Changed in the database itself"), reader.differences(some)))
    return sorted(lines, key=lambda line: line.at, reverse=True)[:limit]


def _line(entry: AuditEntry, differences: tuple[Difference, ...]) -> Line:
    return Line(entry.at, sentence(entry, person_name(entry.actor)), differences)


def changes_about(*targets: Target) -> QuerySet[RecordChange]:
    wanted = Q(pk__in=[])
    for target in targets:
        kind = (target.model if isinstance(target, QuerySet) else target)._meta.label_lower
        if kind in KEPT:
            ids = target.order_by().values("pk") if isinstance(target, QuerySet) else [target.pk]
            wanted |= Q(target_type=kind, target_id__in=ids)
    return RecordChange.objects.filter(wanted).order_by("-pk")


def entries_about(*targets: Target) -> QuerySet[AuditEntry]:
    wanted = Q(pk__in=[])
    for target in targets:
        wanted |= _about(target)
    return AuditEntry.objects.filter(wanted).select_related("actor").order_by("-pk")


def _about(target: Target) -> Q:
    kind = (target.model if isinstance(target, QuerySet) else target)._meta.label_lower
    if isinstance(target, QuerySet):
        ids = target.order_by().values_list(Cast("pk", CharField()), flat=True)
        return Q(target_type=kind, target_id__in=ids)
    return Q(target_type=kind, target_id=str(target.pk))


def people_in_the_audit() -> Iterable[User]:
    """Everybody who did something that is recorded, for a filter; one query."""
    actors = AuditEntry.objects.exclude(actor=None).order_by().values("actor").distinct()
    return User.objects.filter(pk__in=actors).order_by("name", "email")[:1000]


@dataclass(frozen=True)
class Row:
    """An entry as a reader sees it; ``details`` and ``origin`` are empty for those who read without personal values."""

    entry: AuditEntry
    who: str
    text: str
    record: str
    origin: str
    details: str


def audit_size() -> int:
    return AuditEntry.objects.count()


def rows(entries: Iterable[AuditEntry], *, names: bool) -> list[Row]:
    return [_row(entry, names) for entry in entries]


def _row(entry: AuditEntry, names: bool) -> Row:
    who = full_name(entry.actor) if names else person_number(entry.actor)
    return Row(
        entry,
        who,
        sentence(entry, who),
        record_name(entry.target_type, entry.target_id),
        entry.origin if names else "",
        ", ".join(f"{name}: {value}" for name, value in sorted(entry.details.items())) if names else "",
    )


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
