"""Parse what people enter; the rules are in the services."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, Customer
from surveys.queries import askable_contacts
from surveys.services import COMMENT_LENGTH, NPS_SCALE

OPEN_DAYS = 30


class AnswerForm(forms.Form):
    """One score of 0 to 10, given once, in digits 0-9; and a comment."""

    score = forms.TypedChoiceField(
        choices=[(str(score), str(score)) for score in NPS_SCALE],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Please choose a number from 0 to 10.")),
    )
    comment = forms.CharField(max_length=COMMENT_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def clean(self) -> dict[str, Any]:
        given = self.data.getlist("score") if hasattr(self.data, "getlist") else []
        if len(given) > 1:
            self.add_error("score", _("Please choose one number only."))
        return super().clean() or self.cleaned_data


class AskForm(forms.Form):
    """Whom to ask, until when. ``key`` makes two clicks one wave."""

    name = forms.CharField(
        label=_("Name of the wave"),
        max_length=255,
        help_text=_("For you and your colleagues; contacts with portal access see it as well."),
    )
    contacts = forms.ModelMultipleChoiceField(
        label=_("Whom to ask"),
        queryset=Contact.objects.none(),
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose at least one person.")},
    )
    closes_on = forms.DateField(
        label=_("Answers until"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, customer: Customer, today: date, **options: Any) -> None:
        initial = {
            "name": f"NPS {today:%Y-%m}",
            "closes_on": today + timedelta(days=OPEN_DAYS),
            "key": uuid4(),
            **options.pop("initial", {}),
        }
        super().__init__(*args, initial=initial, **options)
        self.fields["contacts"].queryset = askable_contacts(customer)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if any(ord(sign) < 32 for sign in name):
            raise ValidationError(_("Please write the name in one line."))
        return name
