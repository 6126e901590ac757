"""What the workspace says about itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import Role, Workspace
from accounts.models.people import Language
from accounts.models.workspace import Strategy
from cs_portal.kit.working_days import REGIONS

NO_STRATEGY = ("", gettext_lazy("Not decided"))


def language_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Default language"),
        choices=Language.choices,
        help_text=gettext_lazy("For pages before login when the browser names no language."),
    )


def strategy_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Strategy"),
        choices=[NO_STRATEGY, *Strategy.choices],
        required=False,
        help_text=gettext_lazy("What your company tries to reach with customer success at present."),
    )


class IdentityForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the workspace"),
        max_length=255,
        required=False,
        help_text=gettext_lazy("Your company's name; customers read it on pages and in mails."),
    )
    sender_name = forms.CharField(
        label=gettext_lazy("Sender of mails"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("The name beside the address that mails come from."),
    )
    default_language = language_field()
    strategy = strategy_field()
    holiday_region = forms.ChoiceField(
        label=gettext_lazy("Public holidays"),
        choices=list(REGIONS.items()),
        required=False,
        help_text=gettext_lazy("Where your team works."),
    )
    clocks_rest = forms.BooleanField(
        label=gettext_lazy("Clocks of follow-ups stand still on weekends and public holidays"),
        required=False,
        help_text=gettext_lazy("Otherwise they count plain hours. It holds for follow-ups opened from now on."),
    )
    imprint_url = forms.URLField(
        label=gettext_lazy("Link to the imprint"), max_length=500, required=False, assume_scheme="https"
    )
    privacy_url = forms.URLField(
        label=gettext_lazy("Link to the privacy notice"), max_length=500, required=False, assume_scheme="https"
    )

    def clean_imprint_url(self) -> str:
        return self._https("imprint_url")

    def clean_privacy_url(self) -> str:
        return self._https("privacy_url")

    def clean_sender_name(self) -> str:
        """One line without the signs that would end a name in a mail's header."""
        name: str = self.cleaned_data["sender_name"]
        if any(sign in name for sign in '<>"@,;:\r\n') or "=?" in name:
            raise forms.ValidationError(gettext_lazy("Please enter a name without special characters."))
        return name

    def _https(self, name: str) -> str:
        url: str = self.cleaned_data[name]
        if url and not url.startswith("https://"):
            raise forms.ValidationError(gettext_lazy("Please enter an address that begins with https://."))
        return url


def described(row: Workspace) -> dict[str, Any]:
    return {name: getattr(row, name) for name in IdentityForm.base_fields}


class SecondFactorRolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Colleagues of these roles need a second factor"),
        choices=[choice for choice in Role.choices if choice[0] != Role.CONTACT],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Who has none is led to setting one up after login and can do nothing else."),
    )
