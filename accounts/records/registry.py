"""Which kinds of record have forms, and what rooms above say about archiving; each room declares its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise

from accounts.audit.words import call
from accounts.models import Customer

Text = str | Promise


@dataclass(frozen=True)
class Kind:
    """Records of a customer, or of the workspace, that people add, change, archive and bring back.

    ``slug`` stands in addresses, ``fields`` in forms and the interface, ``shown`` in lists. ``counts``: figures are
    made of it, so an archived one no longer counts. ``rules`` raise ValidationError for what the model cannot know.
    ``key`` is the field that keeps the number of the form a record was made with.
    """

    slug: str
    model: type[Any]
    one: Text
    many: Text
    add: Text
    fields: tuple[str, ...]
    shown: tuple[str, ...]
    place: int
    order: tuple[str, ...]
    icon: str = "file-text"
    counts: bool = True
    rules: tuple[Callable[[Any], None], ...] = ()
    key: str = "external_id"

    def field(self, name: str) -> "models.Field[Any, Any]":
        found: models.Field[Any, Any] = self.model._meta.get_field(name)
        return found

    @property
    def relations(self) -> tuple[str, ...]:
        """Fields that name another record of the same customer."""
        return tuple(name for name in self.fields if self.field(name).is_relation)


KINDS: dict[str, Kind] = {}
WORKSPACE_KINDS: dict[str, Kind] = {}  # of no customer
Objection = Callable[[Customer], Iterable[str]]
OBJECTIONS: list[Objection] = []


Staying = Callable[[Any, Any], models.Q]  # of the row that goes and the one that is kept
STAYING: dict[tuple[str, str], Staying] = {}
BEFORE_MERGING: list[Callable[[Customer, Customer], None]] = []
CONTRADICTIONS: list[Callable[[Any, Any], Iterable[str]]] = []  # as sentences, of the row that goes and the kept one
EVERYTHING = models.Q(pk__isnull=False)


def let_stay(model: type[models.Model], field: str, rule: Staying) -> None:
    """Rows that do not follow when what ``field`` names is merged: frozen ones, and those that would be twins."""
    STAYING[model._meta.label_lower, field] = rule


def register(kind: Kind) -> Kind:
    KINDS[kind.slug] = kind
    call({kind.model._meta.label_lower: kind.one})
    return kind


def register_for_workspace(kind: Kind) -> Kind:
    """A kind whose records may belong to no customer."""
    WORKSPACE_KINDS[kind.slug] = kind
    call({kind.model._meta.label_lower: kind.one})
    return kind


def object_to_archiving(objection: Objection) -> Objection:
    """A room says why a customer cannot be archived now; each reason is a sentence for the reader."""
    OBJECTIONS.append(objection)
    return objection


def kinds() -> list[Kind]:
    """In the order in which a page shows them."""
    return sorted(KINDS.values(), key=lambda kind: kind.place)


def kind_of(row: models.Model) -> Kind:
    return next(kind for kind in (KINDS | WORKSPACE_KINDS).values() if kind.model is type(row))
