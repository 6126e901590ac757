"""The workspace's settings as a form: those that something built so far reads."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.workspace import RULES, printed_settings

LABELS = {
    "time_zone": gettext_lazy("Time zone"),
    "reporting_currency": gettext_lazy("Reporting currency"),
    "fiscal_year_start_month": gettext_lazy("First month of the fiscal year"),
    "min_n": gettext_lazy("Fewest answers to show feedback of a group"),
    "anonymous_min_n": gettext_lazy("Fewest answers to show anonymous feedback"),
    "kvi_path_tolerance": gettext_lazy("Tolerance around the planned path"),
}
HELP = {
    "time_zone": gettext_lazy("Days begin and end in this zone, for example Europe/Berlin."),
    "reporting_currency": gettext_lazy("Three letters, for example EUR. Amounts in other currencies are converted."),
    "fiscal_year_start_month": gettext_lazy("1 to 12. Years and quarters follow it."),
    "min_n": gettext_lazy("2 to 50."),
    "anonymous_min_n": gettext_lazy("5 to 50. It can only be raised."),
    "kvi_path_tolerance": gettext_lazy("0 to 1. With 0.10, ten points above or below the path still count as on it."),
}


class WorkspaceForm(forms.Form):
    """Texts in, checked by the same rules as the command."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = printed_settings()
        for name, label in LABELS.items():
            self.fields[name] = forms.CharField(
                label=label, help_text=HELP[name], initial=stored[name], max_length=64, required=True
            )

    def clean(self) -> dict[str, Any]:
        stored = printed_settings()
        for name, text in list(self.cleaned_data.items()):
            try:
                RULES[name].parse(text.strip())
            except ValueError:
                self.add_error(name, _("This value is not allowed."))
        lowest = self.cleaned_data.get("anonymous_min_n", "")
        if lowest.isdecimal() and int(lowest) < int(stored["anonymous_min_n"]):
            self.add_error("anonymous_min_n", _("It can only be raised."))
        return self.cleaned_data
