"""Custom fields as columns ``x_<key>`` of customers.csv and contacts.csv."""

from collections.abc import Collection
from dataclasses import replace

from accounts.records.models import CustomField
from cs_portal.kit.filespec import Column, FileSpec

FILE_TYPES = {"text": "str", "number": "dec", "date": "date", "choice": "word"}
CASTS = {"text": "", "number": "::numeric", "date": "::date", "choice": ""}


def with_custom_columns(spec: FileSpec, names: Collection[str]) -> FileSpec:
    """The file's specification with the custom fields that its header names; one query when it names any."""
    if not any(name.startswith("x_") for name in names):
        return spec
    subject = str(spec.model._meta.model_name)
    fields = [field for field in CustomField.objects.filter(subject=subject).order_by("pk") if field.column in names]
    if not fields:
        return spec
    return replace(
        spec,
        columns=(*spec.columns, *(_column(field) for field in fields)),
        stored={**spec.stored, **{field.column: f"(t.custom->>'{field.key}'){CASTS[field.kind]}" for field in fields}},
        store={
            **spec.store,
            **{field.column: {} for field in fields},
            fields[0].column: {"custom": _stored(spec, fields)},
        },
    )  # fmt: skip


def _column(field: CustomField) -> Column:
    return Column(field.column, FILE_TYPES[field.kind], words=tuple(field.choices))


def _stored(spec: FileSpec, fields: list[CustomField]) -> str:
    """What the row said before, without the columns of this file, and what they say."""
    keys = ", ".join(f"'{field.key}'" for field in fields)
    pairs = ", ".join(f"'{field.key}', {_text(field)}" for field in fields)
    table = spec.model._meta.db_table
    before = f"coalesce((SELECT known.custom FROM {table} known WHERE known.id = c.stored_id), '{{}}')"
    return f"({before} - ARRAY[{keys}]) || jsonb_strip_nulls(jsonb_build_object({pairs}))"


def _text(field: CustomField) -> str:
    name = f"c.{field.column}"
    return f"trim_scale({name})::text" if field.kind == CustomField.Kind.NUMBER else f"{name}::text"
