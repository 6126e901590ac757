"""What the doors to records share."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest

UNDO = "undo "  # the tag of a message that can be undone; the address follows


def attempt(form: forms.Form, write: Callable[[], object]) -> bool:
    """Call the service when the form is valid; what it refuses is said at the field."""
    if not form.is_valid():
        return False
    try:
        write()
    except ValidationError as refused:
        by_field = refused.message_dict if hasattr(refused, "error_dict") else {None: refused.messages}
        for field, texts in by_field.items():
            for text in texts:
                form.add_error(field if field in form.fields else None, text)
        return False
    return True


def tried(request: HttpRequest, write: Callable[[], object]) -> bool:
    """A button without fields: what is refused is a message on the next page."""
    try:
        write()
    except ValidationError as refused:
        for text in refused.messages:
            messages.error(request, text)
        return False
    return True


def say_with_undo(request: HttpRequest, text: str, url: str) -> None:
    messages.success(request, text, extra_tags=UNDO + url)
