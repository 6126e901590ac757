"""Which records keep what changed in them: every room declares its own, in its ``history.py``.

The database itself writes the changes (docs/decisions/0016), so that no way of writing can forget it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models import Field, Model
from django.utils.functional import Promise

from accounts.audit.models import RecordChange

Text = str | Promise
Words = Mapping[str, Text] | Callable[[Any], str]
Rows = list[tuple[str, Any, Any]]  # label, old, new
Unfolding = Callable[[Any, Any], Rows]

NEVER_SHOWN = frozenset({"id", "public_id", "external_id", "created_at", "updated_at", "sort_name", "load_run"})
TRIGGER = """
CREATE OR REPLACE TRIGGER note_record_change AFTER UPDATE ON {table} FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
EXECUTE FUNCTION note_record_change({label}, {silent}, {personal})
"""


@dataclass(frozen=True)
class Kept:
    """``personal``: that it changed is kept, never the value. ``silent``: nothing is kept.

    ``names``: of fields that have no name of their own in forms. ``words``: of values that the model does not know
    as choices. ``unfold``: of what holds several values, how to tell its rows, asked for once a page.
    ``covered``: fields that say nothing more when the other one changed too. ``title``: what one record is called.
    """

    model: type[Model]
    personal: Collection[str] = ()
    silent: Collection[str] = ()
    names: Mapping[str, Text] = field(default_factory=dict)
    words: Mapping[str, Words] = field(default_factory=dict)
    unfold: Mapping[str, Callable[[], Unfolding]] = field(default_factory=dict)
    covered: Mapping[str, str] = field(default_factory=dict)
    title: Callable[[Any], str] = str

    @property
    def shown(self) -> "dict[str, Field[Any, Any]]":
        """Fields by column."""
        fields = self.model._meta.concrete_fields
        return {field.column: field for field in fields if field.name not in (*NEVER_SHOWN, *self.silent)}

    def name_of(self, field: "Field[Any, Any]") -> Text:
        return self.names.get(field.name, field.verbose_name)


KEPT: dict[str, Kept] = {}


def keep_changes(model: type[Model], **how: Any) -> None:
    KEPT[model._meta.label_lower] = Kept(model, **how)


def watch_records(sender: AppConfig, using: str, **_more: Any) -> None:
    """Received after every migration: each record that keeps its changes notes them."""
    with connections[using].cursor() as cursor:
        tables = set(connections[using].introspection.table_names(cursor))
        if RecordChange._meta.db_table not in tables:
            return
        for label, kept in KEPT.items():
            if kept.model._meta.db_table in tables:
                cursor.execute(_trigger(label, kept))


def _trigger(label: str, kept: Kept) -> str:
    """Names of our own models only; PostgreSQL takes no parameters here."""
    fields = kept.model._meta.concrete_fields
    personal = {field.column for field in fields if field.name in kept.personal}
    silent = {field.column for field in fields} - set(kept.shown)
    columns = {name: ",".join(sorted(some)) for name, some in (("silent", silent), ("personal", personal))}
    quoted = {name: f"'{text}'" for name, text in {"label": label, **columns}.items()}
    return TRIGGER.format(table=kept.model._meta.db_table, **quoted)
