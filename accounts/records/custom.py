"""Custom fields: what is defined, what a row says, and what a value must be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.records.models import CustomField
from cs_portal.kit.records import FIRST_DAY, LAST_DAY, NEGATIVE, OUT_OF_RANGE

LONGEST = 255


@dataclass(frozen=True)
class CustomColumn:
    """A custom field as lists, filters and files use it: name in addresses and files, label, kind, value per row."""

    name: str
    label: str
    kind: str
    key: str
    choices: tuple[str, ...] = ()

    def text(self, row: Any) -> str:
        """Contract text: plain number, ISO day; empty without one."""
        return str(row.custom.get(self.key, ""))

    def value(self, row: Any) -> str | Decimal | date | None:
        text = self.text(row)
        if not text:
            return None
        if self.kind == CustomField.Kind.NUMBER:
            return Decimal(text)
        return date.fromisoformat(text) if self.kind == CustomField.Kind.DATE else text

    def matches(self, wanted: str) -> Q:
        """Rows with this value; of a text those that contain it."""
        if self.kind == CustomField.Kind.TEXT:
            return Q(**{f"custom__{self.key}__icontains": wanted})
        return Q(**{f"custom__{self.key}": wanted})


def custom_columns(subject: str) -> list[CustomColumn]:
    """The live custom fields of customers or contacts, in the order in which they were made; one query."""
    return [
        CustomColumn(field.column, str(field), field.kind, field.key, tuple(field.choices))
        for field in CustomField.objects.filter(subject=subject).order_by("pk")
    ]


def checked_values(subject: str, given: Mapping[str, Any]) -> dict[str, str]:
    """What is given, as contract texts by key; empty ones empty. Raises ValidationError by ``x_<key>``."""
    fields = {field.key: field for field in CustomField.objects.filter(subject=subject)}
    errors: dict[str, str] = {f"x_{key}": _("There is no such field here.") for key in given if key not in fields}
    values: dict[str, str] = {}
    for key in given.keys() & fields.keys():
        try:
            values[key] = plain(fields[key], given[key])
        except ValidationError as refused:
            errors[f"x_{key}"] = refused.message
    if errors:
        raise ValidationError(errors)
    return values


def plain(field: CustomField, value: Any) -> str:
    if value is None or value == "":
        return ""
    if field.kind == CustomField.Kind.NUMBER:
        return _number(value)
    if field.kind == CustomField.Kind.DATE:
        return _day(value)
    text = str(value).strip()
    if len(text) > LONGEST or "\x00" in text:
        raise ValidationError(_("Please write at most 255 characters."))
    if field.kind == CustomField.Kind.CHOICE and text not in field.choices:
        raise ValidationError(_("Please choose one of the values."))
    return text


def _number(value: Any) -> str:
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        raise ValidationError(_("Please enter a number.")) from None
    if not number.is_finite() or number.adjusted() >= 18 or -int(number.as_tuple().exponent) > 10:
        raise ValidationError(_("Please enter a number."))
    if number < 0:
        raise ValidationError(NEGATIVE)
    return f"{number.normalize():f}"


def _day(value: Any) -> str:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise ValidationError(_("Please enter a day.")) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(OUT_OF_RANGE)
    return day.isoformat()
