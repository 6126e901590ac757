"""What a new token may do, and for how long."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.rest.models import Scope
from accounts.rest.services import LIFETIMES

DAYS = ngettext_lazy("%(n)s day", "%(n)s days", "n")


class TokenForm(forms.Form):
    """``key`` makes two clicks one token."""

    name = forms.CharField(label=_("What it is for"), max_length=100, help_text=_("e.g. the program that uses it"))
    scope = forms.ChoiceField(
        label=_("What it may do"), choices=Scope.choices, initial=Scope.READ,
        help_text=_("Never more than you may do yourself."),
    )  # fmt: skip
    days = forms.TypedChoiceField(label=_("Works for"), coerce=int, initial=90)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, initial={"key": uuid4()}, **options)
        self.fields["days"].choices = [(n, DAYS % {"n": n}) for n in LIFETIMES]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if any(ord(sign) < 32 for sign in name):
            raise ValidationError(_("Please write this in one line."))
        return name
