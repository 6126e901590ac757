"""Reads on the audit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast

from accounts.audit.models import AuditEntry
from accounts.audit.words import person_name, sentence
from accounts.models import User

Target = Model | QuerySet[Model]


@dataclass(frozen=True)
class Line:
    at: datetime
    text: str


def history(*targets: Target, limit: int = 30) -> list[Line]:
    """What happened to the records, newest first, in words with the names of today; one query."""
    entries = entries_about(*targets)[:limit]
    return [Line(entry.at, sentence(entry, person_name(entry.actor))) for entry in entries]


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
