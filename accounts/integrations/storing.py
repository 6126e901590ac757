"""From the accepted rows to the tables, set-based."""

from collections.abc import Mapping
from typing import Any

from cs_portal.kit.filespec import Column, FileSpec

from .checking import field_of, holds_empty_text
from .outcome import FileOutcome
from .staging import Header

ACCEPTED = "c.verdict IS NULL"
MANY = 10_000  # new rows, after which a plan made for the table as it was can be a bad one


def count(cursor: Any, outcome: FileOutcome) -> None:
    cursor.execute("""
        SELECT count(*) FILTER (WHERE verdict IS NULL AND stored_id IS NULL),
               count(*) FILTER (WHERE verdict IS NULL AND stored_id IS NOT NULL AND changed),
               count(*) FILTER (WHERE verdict IS NULL AND stored_id IS NOT NULL AND NOT changed),
               count(*) FILTER (WHERE verdict IS NOT NULL)
        FROM load_checked
    """)
    outcome.created, outcome.updated, outcome.unchanged, outcome.rejected = cursor.fetchone()


def store(cursor: Any, spec: FileSpec, header: Header, outcome: FileOutcome, parameters: Mapping[str, Any]) -> None:
    """New rows, changed rows, and what else the file's specification does with the accepted ones."""
    for statement in spec.before:
        cursor.execute(statement, parameters)
    if outcome.created:
        cursor.execute(_insert(spec), parameters)
    if outcome.created > MANY:
        cursor.execute(f"ANALYZE {spec.model._meta.db_table}")
    if outcome.updated and (update := _update(spec, header)):
        cursor.execute(update, parameters)
    for statement in spec.after:
        cursor.execute(statement, parameters)


def _insert(spec: FileSpec) -> str:
    values = dict(spec.on_insert)
    for column in spec.columns:
        values.update(_stored_as(spec, column))
    return (
        f"INSERT INTO {spec.model._meta.db_table} ({', '.join(values)}) SELECT {', '.join(values.values())} "
        f"FROM load_checked c WHERE {ACCEPTED} AND c.stored_id IS NULL"
    )


def _update(spec: FileSpec, header: Header) -> str:
    """Only the columns that the file has; empty when it has nothing but the key."""
    values: dict[str, str] = {}
    for column in spec.columns:
        if column.name in header.places and column.name not in spec.key:
            values.update(_stored_as(spec, column))
    if not values:
        return ""
    if any(field.name == "updated_at" for field in spec.model._meta.concrete_fields):
        values["updated_at"] = "now()"
    values.update(spec.on_update)
    pairs = ", ".join(f"{name} = {sql}" for name, sql in values.items())
    return (
        f"UPDATE {spec.model._meta.db_table} t SET {pairs} FROM load_checked c "
        f"WHERE t.id = c.stored_id AND {ACCEPTED} AND c.changed"
    )


def _stored_as(spec: FileSpec, column: Column) -> Mapping[str, str]:
    """Database columns and their SQL for a column of the contract."""
    if column.name in spec.store:
        return spec.store[column.name]
    field = field_of(spec, column)
    if field is None:
        raise ValueError(f"{spec.name} does not say how to store {column.name}")
    value = f"c.{column.name}"
    return {field.column: f"coalesce({value}, '')" if holds_empty_text(spec, column) else value}
