"""What a change says in the reader's language: names of fields, words for values, names of today for people."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    DateField,
    DateTimeField,
    DecimalField,
    Field,
    ForeignKey,
    Model,
)
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from accounts.audit.keeping import KEPT, Kept, Unfolding
from accounts.audit.models import RecordChange
from accounts.audit.words import RECORDS, person_name
from accounts.models import Contact, User
from cs_portal.kit.worded import worded

SHORT = 80
Named = tuple[type[Model], str]  # a row by its model and number
READ: tuple[tuple[type[Any], Callable[[str], Any]], ...] = (
    (BooleanField, lambda text: text == "true"),
    (DateTimeField, datetime.fromisoformat),
    (DateField, date.fromisoformat),
    (DecimalField, Decimal),
)


@dataclass(frozen=True)
class Difference:
    """One field; ``record`` is empty for the record whose page it is. ``is_kept``: the values are known."""

    record: str
    label: str
    old: str = ""
    new: str = ""
    is_kept: bool = True

    @property
    def is_long(self) -> bool:
        return max(len(self.old), len(self.new)) > SHORT

    @property
    def short_old(self) -> str:
        return Truncator(self.old).chars(SHORT)

    @property
    def short_new(self) -> str:
        return Truncator(self.new).chars(SHORT)


class Reader:
    """Writes changes out; asks once for each kind of record that they name, however many they are."""

    def __init__(self, changes: Iterable[RecordChange], page: set[Named]) -> None:
        changes = list(changes)
        self.page = page
        self.names = _names(_named(changes, page))
        self.unfoldings: dict[tuple[str, str], Unfolding] = {}

    def differences(self, changes: Iterable[RecordChange]) -> tuple[Difference, ...]:
        """In the order in which things happened."""
        return tuple(row for change in sorted(changes, key=lambda change: change.pk) for row in self._of(change))

    def _of(self, change: RecordChange) -> list[Difference]:
        kept = KEPT[change.target_type]
        record = self._record(kept, change)
        found: list[Difference] = []
        for column, field in kept.shown.items():
            if column in change.fields and kept.covered.get(field.name) not in change.fields:
                found += self._rows(kept, field, record, change.fields[column])
        return found

    def _record(self, kept: Kept, change: RecordChange) -> str:
        row = (kept.model, str(change.target_id))
        if row in self.page:
            return ""
        kind = str(RECORDS.get(change.target_type, kept.model._meta.verbose_name))
        return f"{kind} {self.names[row]}" if self.names.get(row) else kind

    def _rows(self, kept: Kept, field: "Field[Any, Any]", record: str, pair: list[Any] | None) -> list[Difference]:
        label = capfirst(str(kept.name_of(field)))
        if pair is None:
            return [Difference(record, label, is_kept=False)]
        if field.name in kept.unfold:
            rows = self._unfolding(kept, field.name)(*pair)
            return [Difference(record, capfirst(name), worded(old), worded(new)) for name, old, new in rows]
        old, new = (self._text(kept, field, value) for value in pair)
        return [Difference(record, label, old, new)]

    def _unfolding(self, kept: Kept, name: str) -> Unfolding:
        at = (kept.model._meta.label_lower, name)
        if at not in self.unfoldings:
            self.unfoldings[at] = kept.unfold[name]()
        return self.unfoldings[at]

    def _text(self, kept: Kept, field: "Field[Any, Any]", value: Any) -> str:
        if value in (None, ""):
            return ""
        if isinstance(field, ForeignKey):
            return self.names.get((field.related_model, str(value))) or _gone(field.related_model)
        words = kept.words.get(field.name) or dict(field.flatchoices)
        if callable(words):
            return words(value)
        if words:
            return str(words.get(value, value))
        if isinstance(value, list):
            return "; ".join(worded(part) for part in value)
        return worded(next((read(value) for kind, read in READ if isinstance(field, kind)), value))


def _named(changes: list[RecordChange], page: set[Named]) -> Iterator[Named]:
    """The rows whose names are needed."""
    for change in changes:
        kept = KEPT[change.target_type]
        yield from {(kept.model, str(change.target_id))} - page
        for column, field in kept.shown.items():
            if isinstance(field, ForeignKey):
                yield from ((field.related_model, pk) for pk in change.fields.get(column) or () if pk)


def _names(rows: Iterable[Named]) -> dict[Named, str]:
    wanted: dict[type[Model], set[str]] = defaultdict(set)
    for model, pk in rows:
        wanted[model].add(pk)
    return {
        (model, str(row.pk)): _name(row)
        for model, pks in wanted.items()
        for row in model._base_manager.filter(pk__in=pks)
    }


def _name(row: Any) -> str:
    if isinstance(row, User):
        return person_name(row)
    if isinstance(row, Contact) and not row.is_active:
        return _("A former contact")
    kept = KEPT.get(row._meta.label_lower)
    return kept.title(row) if kept else str(row)


def _gone(model: type[Model]) -> str:
    return {User: _("A former colleague"), Contact: _("A former contact")}.get(model, _("No longer there"))
