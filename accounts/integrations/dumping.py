"""The workspace's facts as the contract's files, which give the same figures in an empty database.

It is no backup: signatures, comments, follow-ups and reports are in no file of the contract.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction

from accounts.audit.services import record
from accounts.integrations.checking import stored_value
from accounts.integrations.services import files_of_the_contract
from accounts.models import User, Workspace
from accounts.records.models import CustomField
from accounts.services import workspace_settings
from cs_portal.kit.filespec import Column, FileSpec

SETTINGS = "settings.json"
Told = Callable[[str, int], None]
TEXTS = {
    "int": "({0})::text",
    "dec": "trim_scale(({0})::numeric)::text",
    "bool": "CASE WHEN {0} THEN 'true' WHEN NOT {0} THEN 'false' END",
    "date": "to_char(({0})::date, 'YYYY-MM-DD')",
    "ts": """to_char(({0}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
    "list": "array_to_string({0}, '|')",
    "shares": "(SELECT string_agg(trim_scale(one)::text, '|' ORDER BY place) "
              "FROM unnest({0}) WITH ORDINALITY a (one, place))",
    "path": "(SELECT string_agg((one ->> 0) || ':' || (one ->> 1), '|' ORDER BY place) "
            "FROM jsonb_array_elements({0}) WITH ORDINALITY a (one, place))",
    "object": "({0})::text",
}  # fmt: skip


class DumpError(Exception):
    """The folder cannot take the files; the text says why."""


def dump_directory(directory: Path, settings: Mapping[str, Any], *, by: User | None, told: Told) -> None:
    """Write every file of the contract that has a row, and the settings, all as they are at one moment.

    ``told`` hears name and number of rows of each file, in load order. Raises DumpError for a folder that holds
    something or cannot be written.
    """
    total = 0
    try:
        _make(directory)
        with _one_moment():
            for spec in files_of_the_contract():
                if rows := _dump(_with_custom_fields(spec), directory / spec.name):
                    total += rows
                    told(spec.name, rows)
        text = json.dumps(settings, indent=2, ensure_ascii=False) + "\n"
        (directory / SETTINGS).write_text(text, encoding="utf-8")
    except OSError as error:
        raise DumpError(f"{error.filename or directory}: {error.strerror}") from error
    record("facts.dumped", by=by, target=Workspace(singleton=True), rows=total)


@contextmanager
def _one_moment() -> Iterator[None]:
    """Nobody's writing in between makes two files disagree; within a transaction its own moment counts."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _make(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    if any(directory.iterdir()):
        raise DumpError(f"{directory} holds something already; name a new or empty folder.")


def _dump(spec: FileSpec, path: Path) -> int:
    """Stream the rows to the file; returns how many. A file without a row is not kept."""
    with connection.cursor() as cursor, path.open("wb") as file:
        asked = cursor.cursor.mogrify(_query(spec), {"zone": workspace_settings().time_zone, "currency": ""})
        with cursor.copy(f"COPY ({asked}) TO STDOUT (FORMAT csv, HEADER)") as copy:
            for part in copy:
                file.write(part)
        rows = int(cursor.rowcount)
    if not rows:
        path.unlink()
    return rows


def _query(spec: FileSpec) -> str:
    values = ", ".join(f"{_text(spec, column)} AS {column.name}" for column in spec.columns)
    return (
        f"SELECT {values} FROM {spec.model._meta.db_table} t {spec.joins} "
        f"WHERE {spec.dumped} AND {_is_current(spec.model)} ORDER BY t.id"
    )


def _text(spec: FileSpec, column: Column) -> str:
    value = spec.written.get(column.name) or stored_value(spec, column)
    if column.name not in spec.references:
        return TEXTS.get(column.type, "{0}").format(value)
    table = spec.references[column.name]._meta.db_table
    return f"(SELECT named.external_id FROM {table} named WHERE named.id = {value})"


def _is_current(model: type[models.Model]) -> str:
    """An archived fact counts in no figure; an archived record that others name still stands behind theirs."""
    fields = {field.name for field in model._meta.concrete_fields}
    conditions = []
    if "archived_at" in fields and model not in _named():
        conditions.append("t.archived_at IS NULL")
    if "merged_into" in fields:
        conditions.append("t.merged_into_id IS NULL")
    return " AND ".join(conditions) or "true"


def _named() -> set[type[models.Model]]:
    return {model for spec in files_of_the_contract() for model in spec.references.values()}


def _with_custom_fields(spec: FileSpec) -> FileSpec:
    subject = str(spec.model._meta.model_name)
    return spec.extended([field.column for field in CustomField.objects.filter(subject=subject)])
