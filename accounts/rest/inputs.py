"""The body of a write: every key is known, none of them is ours to say."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.rest.fields import note

MOST_NAMED = 20


class Input(serializers.Serializer[Any]):
    """Raises ValidationError that names every unknown key and every one that only we set (those in ``ours``)."""

    ours: tuple[str, ...] = ()

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            refused = [name for name in data if name not in self.fields]
            if refused:
                raise ValidationError({name: [self._why(name)] for name in refused[:MOST_NAMED]})
        return super().to_internal_value(data)

    def _why(self, name: str) -> ErrorDetail:
        if name in self.ours:
            return ErrorDetail(_("This is set by the system and cannot be sent."), "read_only")
        return ErrorDetail(_("There is no such field here."), "unknown_field")


class NoInput(Input):
    """Nothing, or an empty object."""


class NoteInput(Input):
    note = note()


class ReasonInput(Input):
    note = note(allow_blank=False, required=True, default=serializers.empty, help_text="the other side reads it")
