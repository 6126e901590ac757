"""What a person chooses about notifications: a channel for each kind that their role hears of, and hours."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.notifications.models import Channel
from accounts.notifications.queries import heard_by, preferences_of
from accounts.notifications.registry import KINDS

HOURS = [(str(hour), f"{hour:02}:00") for hour in range(24)]
CHANNEL = "channel_"


class HourField(forms.TypedChoiceField):
    def __init__(self, **options: Any) -> None:
        choices = HOURS if options.get("required", True) else [("", "—"), *HOURS]
        super().__init__(choices=choices, coerce=int, empty_value=None, **options)


class PreferencesForm(forms.Form):
    digest_hour = HourField(label=_("Daily mail from"))
    quiet_from = HourField(label=_("No mail from"), required=False)
    quiet_until = HourField(
        label=_("No mail until"), required=False, help_text=_("What comes in between is sent at its end.")
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        chosen = preferences_of(user)
        first = {name: getattr(chosen, name) for name in ("digest_hour", "quiet_from", "quiet_until")}
        super().__init__(*args, initial=first, **options)
        for name in sorted(heard_by(user), key=list(KINDS).index):
            kind = KINDS[name]
            self.fields[CHANNEL + name] = forms.ChoiceField(
                label=kind.label, choices=Channel.choices, initial=chosen.channels.get(name, kind.default)
            )
        self.order_fields([name for name in self.fields if name.startswith(CHANNEL)])

    def clean(self) -> dict[str, Any]:
        both = [self.cleaned_data.get(name) for name in ("quiet_from", "quiet_until")]
        if not self.errors and (both[0] is None) != (both[1] is None):
            raise ValidationError({"quiet_until": _("Quiet hours need a beginning and an end.")})
        return self.cleaned_data

    @property
    def choices(self) -> dict[str, Any]:
        """For the service."""
        channels = {
            name.removeprefix(CHANNEL): what for name, what in self.cleaned_data.items() if name.startswith(CHANNEL)
        }
        return {
            "channels": channels,
            **{name: self.cleaned_data[name] for name in ("digest_hour", "quiet_from", "quiet_until")},
        }
