"""What the audit is narrowed by."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.audit.queries import people_in_the_audit
from accounts.audit.words import RECORDS, SAYINGS, full_name, person_number, verb_name

SANE = [MinValueValidator(date(1970, 1, 1)), MaxValueValidator(date(2999, 12, 31))]


class AuditFilter(forms.Form):
    verb = forms.ChoiceField(label=_("What happened"), required=False)
    person = forms.ChoiceField(label=_("Person"), required=False)
    kind = forms.ChoiceField(label=_("Record"), required=False)
    number = forms.CharField(
        label=_("Its number"),
        required=False,
        max_length=64,
        validators=[RegexValidator(r"^[A-Za-z0-9-]+$", _("A number as it stands in the list, for example 12."))],
    )
    first = forms.DateField(
        label=_("From"), required=False, validators=SANE, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("Until"), required=False, validators=SANE, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, *args: Any, names: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = full_name if names else person_number
        everything = [("", _("All"))]
        self.fields["verb"].choices = everything + by_words((verb, verb_name(verb)) for verb in SAYINGS)
        self.fields["person"].choices = everything + [(str(user.pk), name(user)) for user in people_in_the_audit()]
        self.fields["kind"].choices = everything + by_words((kind, str(words)) for kind, words in RECORDS.items())
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"


def by_words(choices: Any) -> list[tuple[str, str]]:
    return sorted(choices, key=lambda choice: choice[1].casefold())
