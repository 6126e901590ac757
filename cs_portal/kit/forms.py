"""Form fields that every room uses."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError


class ChosenField(forms.ModelChoiceField):
    """One of our records, named by its public id: a page never tells how many rows there are."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"empty_label": "—", **options, "to_field_name": "public_id"})

    def to_python(self, value: Any) -> Any:
        """What is no id at all is no choice either."""
        try:
            return super().to_python(value)
        except ValidationError:
            raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value}) from None


def status_of(*shown: forms.BaseForm) -> int:
    """422 for a page that shows a refused form, so that a program sees it too; htmx swaps it like any other."""
    return 422 if any(form.errors for form in shown) else 200
