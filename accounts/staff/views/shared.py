"""What the doors to people and teams share."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from accounts.staff.queries import colleagues


def get_colleague(public_id: UUID) -> User:
    return get_object_or_404(colleagues(), public_id=public_id)


def tried(request: HttpRequest, write: Callable[[], object], done: str) -> bool:
    """Say what was done, or why it was not."""
    try:
        write()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    messages.success(request, done)
    return True


def saved(form: forms.Form, write: Callable[[], object]) -> bool:
    """True when the form is valid and the service took it; what it refuses is said in the form."""
    if not form.is_valid():
        return False
    try:
        write()
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
