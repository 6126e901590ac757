"""What a body may hold: exactly the types that the schema says, other records by their public id through the gate."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cs_portal.kit.records import FIRST_DAY, LAST_DAY

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([+-]\d{2}:\d{2}|Z)?", re.ASCII)
WITH_OFFSET = re.compile(r"([+-]\d{2}:\d{2}|Z)$")
ONE_LINE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


class PublicIdField(serializers.SlugRelatedField):  # type: ignore[type-arg]
    """Another record by its public id, for reading."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="public_id", read_only=True, **options)

    def to_representation(self, obj: Model) -> str:
        return str(obj.public_id)  # type: ignore[attr-defined]


class PlainDecimal(serializers.DecimalField):
    """A string in plain notation without trailing zeros, as everywhere outside the screen."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "normalize_output": True})


@extend_schema_field(OpenApiTypes.UUID)
class Reference(serializers.Field):  # type: ignore[type-arg]
    """A record that the endpoint offers under ``<name>_choices(request)``; any other does not exist."""

    default_error_messages = {
        "invalid": _("This is no id."),
        "does_not_exist": _("There is no such record."),
    }

    def __init__(self, choices: str, **options: Any) -> None:
        self.choices_name = choices
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Model:
        try:
            wanted = UUID(data) if isinstance(data, str) else None
        except ValueError:
            wanted = None
        if wanted is None:
            self.fail("invalid")
        rows: QuerySet[Model] = getattr(self.context["view"], self.choices_name)()
        found = rows.filter(public_id=wanted).first()
        if found is None:
            self.fail("does_not_exist")
        return found


class Text(serializers.CharField):
    """A JSON string; ``one_line`` refuses line breaks and other control characters."""

    default_error_messages = {"one_line": _("Please write this in one line.")}

    def __init__(self, *, one_line: bool = False, **options: Any) -> None:
        self.one_line = one_line
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        text = super().to_internal_value(data)
        if self.one_line and ONE_LINE.search(text):
            self.fail("one_line")
        return text


def note(**options: Any) -> Text:
    return Text(**{"max_length": 10_000, "allow_blank": True, "default": "", **options})


class Custom(serializers.DictField):
    """Custom fields by short name: texts, plain numbers and days as strings; an empty one takes the value away."""

    child = Text(allow_null=True, allow_blank=True, max_length=255)


class Flag(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Whole(serializers.IntegerField):
    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class Day(serializers.DateField):
    """``YYYY-MM-DD`` between 1970 and 2199, as the import contract allows."""

    default_error_messages = {"out_of_range": _("Please enter a day between 1970 and 2199.")}

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str) or not DAY.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DD")
        day = super().to_internal_value(value)
        if not FIRST_DAY <= day <= LAST_DAY:
            self.fail("out_of_range")
        return day


class Moment(serializers.DateTimeField):
    """ISO 8601 with an offset or Z, in the years 1970 to 2199: a time without one means another in every zone."""

    default_error_messages = {"no_offset": _("Please name the time zone, as in 2026-03-02T10:00:00+01:00.")}

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str) or not MOMENT.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DDThh:mm[:ss[.uuuuuu]](+|-)hh:mm|Z")
        if not WITH_OFFSET.search(value):
            self.fail("no_offset")
        moment = super().to_internal_value(value)
        if not FIRST_DAY < moment.date() < LAST_DAY:
            self.fail("invalid", format="1970 – 2199")
        return moment


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "format": "decimal", "pattern": r"^-?(\d{1,18}(\.\d{1,10})?|\.\d{1,10})$"},
            {"type": "number"},
        ]
    }
)
class Number(serializers.DecimalField):
    """18 digits before the point and 10 after it, as a string or a number; never a binary fraction."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=28, decimal_places=10, **options)

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, str | int | Decimal):
            self.fail("invalid")
        if isinstance(data, str) and not (data.isascii() and "_" not in data):
            self.fail("invalid")
        return super().to_internal_value(data)
