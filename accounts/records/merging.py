"""Two records of one company or person become one: what moves, what stays where it is, what contradicts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts import portal_services
from accounts.audit.services import record
from accounts.audit.words import RECORDS
from accounts.models import Contact, Customer, PortalAccess, User
from accounts.records.kinds import CONTACTS, CUSTOMER_FIELDS
from accounts.records.queries import objections
from accounts.records.registry import BEFORE_MERGING, CONTRADICTIONS, EVERYTHING, STAYING, let_stay

FIELDS = {
    Customer: ("owner", *(name for name in CUSTOMER_FIELDS if name not in ("name", "is_test"))),
    Contact: tuple(name for name in CONTACTS.fields if name != "is_active"),
}
let_stay(PortalAccess, "contact", lambda _gone, _kept: EVERYTHING)


@dataclass(frozen=True)
class Moving:
    """Records of one kind: how many follow, how many stay with the record that goes."""

    label: str
    moves: int
    stays: int


@dataclass(frozen=True)
class Preview:
    """What a merge would do; ``refusals`` say why it cannot be done."""

    parts: list[Moving]
    filled: list[tuple[str, Any]]
    differs: list[tuple[str, Any, Any]]
    contradictions: list[str]
    portal: int
    refusals: list[str]


def merge_preview(kept: Any, gone: Any) -> Preview:
    """A count for each kind of record that names the one that goes; a few queries, however many records."""
    parts = [_counted(label, rows, staying) for label, rows, staying, _field in _rows(kept, gone)]
    filled, differs = [], []
    for name, label in _labels(kept):
        own, given = _said(kept, name), _said(gone, name)
        if own in (None, "") and given not in (None, ""):
            filled.append((label, given))
        elif given not in (None, "") and own != given:
            differs.append((label, own, given))
    contradictions = [sentence for said in CONTRADICTIONS for sentence in said(gone, kept)]
    accesses = {"contact__customer": gone} if isinstance(gone, Customer) else {"contact": gone}
    portal = PortalAccess.objects.filter(revoked_at__isnull=True, **accesses).count()
    shown = [part for part in parts if part.moves or part.stays]
    return Preview(shown, filled, differs, contradictions, portal, _refusals(kept, gone))


def _counted(label: str, rows: QuerySet[Any], staying: QuerySet[Any]) -> Moving:
    stays = staying.count()
    return Moving(label, rows.count() - stays, stays)


def _said(row: Any, name: str) -> Any:
    display = getattr(row, f"get_{name}_display", None)
    return display() if display else getattr(row, name)


@transaction.atomic
def merge(kept: Any, gone: Any, *, by: User) -> Any:
    """Everything of ``gone`` follows to ``kept`` but what is frozen; ``gone`` is archived and points to it.

    Both are customers or both are contacts. Raises ValidationError with every reason against it.
    """
    held = {row.pk: row for row in _held(type(kept), kept.pk, gone.pk)}
    kept, gone = held[kept.pk], held[gone.pk]
    if refusals := _refusals(kept, gone):
        raise ValidationError(refusals)
    if isinstance(gone, Contact):
        for access in PortalAccess.objects.filter(contact=gone, revoked_at__isnull=True):
            portal_services.revoke_access(access, by=by)
    else:
        for prepare in BEFORE_MERGING:
            prepare(gone, kept)
    _fill(kept, gone)
    moved = _move(kept, gone)
    gone.archived_at, gone.merged_into = timezone.now(), kept
    gone.save(update_fields=["archived_at", "merged_into"])
    _tell(kept, gone, moved, by)
    return kept


def _tell(kept: Any, gone: Any, moved: dict[str, int], by: User) -> None:
    if isinstance(kept, Customer):
        record("customer.merged", by=by, target=kept, gone=gone.pk, moved=moved)
        record("customer.merged_away", by=by, target=gone, kept=kept.pk)
    else:
        record("contact.merged", by=by, target=kept, gone=gone.pk, moved=moved)
        record("contact.merged_away", by=by, target=gone, kept=kept.pk)


def _held(model: type[Any], *keys: int) -> list[Any]:
    """Both locked, always in the same order."""
    return list(model._base_manager.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))


def _rows(kept: Any, gone: Any) -> Iterator[tuple[str, QuerySet[Any], QuerySet[Any], str]]:
    """For each way to name a record of this kind: what it is called, its rows, those that stay, and the field."""
    for relation in type(gone)._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or relation.many_to_many:
            continue
        model, name = relation.related_model, relation.field.name
        rows = model._base_manager.filter(**{name: gone})
        rule = STAYING.get((model._meta.label_lower, name))
        label = str(RECORDS.get(model._meta.label_lower, model._meta.verbose_name))
        yield str(capfirst(label)), rows, rows.filter(rule(gone, kept)) if rule else rows.none(), name


def _move(kept: Any, gone: Any) -> dict[str, int]:
    moved = {}
    for label, rows, staying, name in _rows(kept, gone):
        if number := rows.exclude(pk__in=list(staying.values_list("pk", flat=True))).update(**{name: kept}):
            moved[label] = number
    return moved


def _fill(kept: Any, gone: Any) -> None:
    """What the record that is kept does not say it takes from the other one; it never changes what it says."""
    taken = [name for name, _label in _labels(kept) if getattr(kept, name) in (None, "")]
    for name in taken:
        setattr(kept, name, getattr(gone, name))
    kept.custom = gone.custom | kept.custom
    kept.updated_at = timezone.now()
    kept.save(update_fields=[*taken, "custom", "updated_at"])


def _labels(row: Any) -> list[tuple[str, str]]:
    fields = (row._meta.get_field(name) for name in FIELDS[type(row)])
    return [(field.name, str(capfirst(field.verbose_name))) for field in fields]


def _refusals(kept: Any, gone: Any) -> list[str]:
    if kept.pk == gone.pk:
        return [_("A record cannot be merged into itself.")]
    if kept.archived_at or gone.archived_at:
        return [_("An archived record is not merged. Please bring it back first.")]
    if isinstance(gone, Contact):
        other = kept.customer_id != gone.customer_id
        return [_("These contacts belong to two customers.")] if other else []
    if kept.is_test != gone.is_test:
        return [_("One of them is a test customer, the other is not.")]
    return objections(gone)
