"""Form fields that read what people type: days, moments, numbers, yes or no."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cs_portal.kit.records import FIRST_DAY, LAST_DAY, OUT_OF_RANGE


class DayField(forms.DateField):
    """A day that the import contract could hold as well."""

    default_validators = (
        MinValueValidator(FIRST_DAY, OUT_OF_RANGE),
        MaxValueValidator(LAST_DAY, OUT_OF_RANGE),
    )

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d.%m.%Y"], **options)


def plain_number(text: str, language: str) -> str:
    """``1.234,56`` (German) and ``1,234.56`` (English) as ``1234.56``; a lone comma or point divides decimals.

    A point (German) or comma (English) before exactly three digits groups thousands.
    """
    group, point = (".", ",") if language == "de" else (",", ".")
    if re.fullmatch(rf"-?[1-9]\d{{0,2}}(\{group}\d{{3}})+(\{point}\d+)?", text):
        return text.replace(group, "").replace(point, ".")
    return text.replace(",", ".") if re.fullmatch(r"-?\d+[.,]\d+", text) else text


class NumberField(forms.DecimalField):
    """Reads and shows a number as the reader's language writes it."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_digits=28, decimal_places=10, widget=widget, **{"required": False, **options})

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = plain_number(value.strip().replace("−", "-"), get_language() or "en")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        shown = f"{value.normalize():f}"
        return shown.replace(".", ",") if get_language() == "de" else shown


class MomentField(forms.DateTimeField):
    """A day and a time in the reader's zone."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"]
        super().__init__(widget=widget, input_formats=formats, **options)


class MaybeField(forms.TypedChoiceField):
    """Yes, no, or not known."""

    def __init__(self, **options: Any) -> None:
        choices = [("", "—"), ("true", _("Yes")), ("false", _("No"))]
        super().__init__(choices=choices, coerce=lambda text: text == "true", empty_value=None, **options)

    def prepare_value(self, value: Any) -> Any:
        return {True: "true", False: "false"}.get(value, value)
