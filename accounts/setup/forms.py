"""What an empty installation asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.forms import time_zones
from accounts.identity.forms import language_field, strategy_field
from accounts.models.people import Language
from accounts.staff.forms import PasswordForm
from cs_portal.kit.currencies import ISO_4217

COUNTED = ("time_zone", "reporting_currency", "fiscal_year_start_month")
MONTHS = [(str(number), str(number)) for number in range(1, 13)]


class FirstAdminForm(PasswordForm):
    field_order = ("code", "name", "email", "language", "password1", "password2")

    code = forms.CharField(
        label=gettext_lazy("Setup code"),
        max_length=40,
        help_text=gettext_lazy("The server printed it when it started; ./cs manage setup_code prints it again."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    name = forms.CharField(label=gettext_lazy("Your name"), max_length=255)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Language.choices)


class FirstWorkspaceForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the workspace"),
        max_length=255,
        help_text=gettext_lazy("Your company's name; customers read it on pages and in mails."),
    )
    default_language = language_field()
    reporting_currency = forms.ChoiceField(
        label=gettext_lazy("Reporting currency"), choices=[(code, code) for code in sorted(ISO_4217)]
    )
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    fiscal_year_start_month = forms.ChoiceField(label=gettext_lazy("First month of the fiscal year"), choices=MONTHS)
    strategy = strategy_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = time_zones()[1:]  # type: ignore[attr-defined]


class FirstCustomerForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the customer"), max_length=255)
