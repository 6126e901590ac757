"""A form's field that names a colleague."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User


class ColleagueField(forms.ModelChoiceField):
    """Somebody by public id; the form says of whom. What is no id at all is no choice either."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=User.objects.none(), to_field_name="public_id", **options)

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError:
            raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value}) from None
