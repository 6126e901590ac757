"""Who may log in which way: colleagues by password, contacts by a code."""

import zoneinfo
from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.access import live_accesses
from accounts.models import PortalAccess, Role, User
from accounts.models.people import Language
from accounts.outbox.services import queue_nothing

REGIONS = frozenset(
    ["Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific", "UTC"]
)


def time_zones() -> list[tuple[str, Any]]:
    """The zones a person can choose, by region; empty means the workspace's."""
    names = sorted(name for name in zoneinfo.available_timezones() if name.partition("/")[0] in REGIONS)
    return [("", _("As set for everybody")), *((name, name.replace("_", " ")) for name in names)]


class LoginForm(allauth_forms.LoginForm):
    """E-mail address and password, for colleagues."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self.fields["login"], _("E-mail address"), "username")
        plain(self.fields["password"], _("Password"), "current-password")
        self.fields["password"].help_text = ""


class LoginCodeForm(allauth_forms.RequestLoginCodeForm):
    """The address to send a code to. Only contacts with a live access get one; the answer is the same for all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self.fields["email"], _("E-mail address"), "email")

    def clean_email(self) -> str:
        email = super().clean_email()
        if self._user is not None and not may_log_in_by_code(self._user):
            self._user = None
        return str(email)


class ConfirmCodeForm(allauth_forms.ConfirmLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self.fields["code"], _("Code from the e-mail"), "one-time-code")
        self.fields["code"].widget.attrs |= {"autocapitalize": "characters", "spellcheck": "false"}


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    """Only colleagues who have a password can reset it; who was invited uses the invitation's link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self.fields["email"], _("E-mail address"), "email")

    def clean_email(self) -> str:
        email = super().clean_email()
        self.users = [user for user in self.users if user.is_colleague and user.has_usable_password()]
        return str(email)

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        if not self.users:
            queue_nothing()
        return str(super().save(request, **kwargs))


class NewPasswordForm(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self.fields["password1"], _("New password"), "new-password")
        plain(self.fields["password2"], _("New password, once more"), "new-password")


class InvitationForm(forms.Form):
    role = forms.ChoiceField(label=_("Portal role"), choices=PortalAccess.PortalRole.choices)


class ProfileForm(forms.Form):
    """What a person chooses for themselves."""

    name = forms.CharField(label=_("Name"), max_length=255)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones, required=False)


def may_log_in_by_code(user: User) -> bool:
    return user.is_active and user.role == Role.CONTACT and live_accesses(user).exists()


def plain(field: forms.Field, label: Any, autocomplete: str) -> None:
    """A visible label instead of allauth's placeholder."""
    field.label = label
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs["autocomplete"] = autocomplete
