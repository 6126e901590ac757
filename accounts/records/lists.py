"""The workspace's own fields as columns and conditions of the lists of customers and contacts."""

from decimal import Decimal
from typing import Any

from django.db.models import CharField, DateField, DecimalField, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, NullIf
from django.utils.formats import number_format

from accounts.records.custom import CustomColumn, custom_columns
from accounts.records.models import CustomField
from cs_portal.kit.lists.base import Extra, extend
from cs_portal.kit.lists.columns import CountColumn, DayColumn, NameColumn
from cs_portal.kit.lists.conditions import Field

Kind = CustomField.Kind
CONDITIONS = {Kind.TEXT: "text", Kind.NUMBER: "number", Kind.DATE: "day", Kind.CHOICE: "choice"}
TYPES = {Kind.NUMBER: DecimalField(max_digits=28, decimal_places=10), Kind.DATE: DateField()}


class NumberColumn(CountColumn):
    def render(self, value: Decimal) -> str:
        return number_format(value.normalize(), use_l10n=True, force_grouping=True)

    def value(self, value: Decimal) -> Decimal:
        return value.normalize()


def extra(subject: str) -> Extra:
    own = custom_columns(subject)
    return Extra(
        columns=[(one.name, _column(one)) for one in own],
        fields=[_field(one) for one in own],
        prepare=lambda rows: _with_values(rows, own),
    )


def _column(own: CustomColumn) -> Any:
    column = {Kind.NUMBER: NumberColumn, Kind.DATE: DayColumn}.get(own.kind, NameColumn)  # type: ignore[call-overload]
    return column(verbose_name=own.label, visible=False, order_by=(own.name,))


def _field(own: CustomColumn) -> Field:
    choices = [(choice, choice) for choice in own.choices]
    offered = (lambda _rows, _user: choices) if own.kind == Kind.CHOICE else None
    return Field(own.name, own.label, CONDITIONS[Kind(own.kind)], own.name, offered)


def _with_values(rows: QuerySet[Any], own: list[CustomColumn]) -> QuerySet[Any]:
    """Each value under the field's name, typed, so that it sorts and compares as what it is."""
    values = {one.name: NullIf(KT(f"custom__{one.key}"), Cast("", CharField())) for one in own}  # type: ignore[arg-type]
    typed = {one.name: Cast(values[one.name], TYPES[Kind(one.kind)]) for one in own if Kind(one.kind) in TYPES}
    return rows.annotate(**{**values, **typed})


extend("customers", lambda _user: extra("customer"))
extend("contacts", lambda _user: extra("contact"))
