"""allauth's forms with visible labels."""

from collections.abc import Callable
from typing import Any

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import plain


class AgainForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self.fields["password"], _("Password"), "current-password")
        self.fields["password"].help_text = ""


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self.fields["oldpassword"], _("Present password"), "current-password")
        plain(self.fields["password1"], _("New password"), "new-password")
        plain(self.fields["password2"], _("New password, once more"), "new-password")
        for name in ("oldpassword", "password1"):
            self.fields[name].help_text = ""


def _code(form: forms.Form) -> None:
    plain(form.fields["code"], _("Code from the app, or a recovery code"), "one-time-code")
    form.fields["code"].max_length = 40


class SecondFactorForm(mfa.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self)


class SecondFactorAgainForm(mfa.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self)


class AppForm(totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self.fields["code"], _("Code that the app shows"), "one-time-code")


def _read(read: Callable[[], Any]) -> Any:
    """What is no answer of a passkey is a wrong one, not an error of ours."""
    try:
        return read()
    except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise get_adapter().validation_error("incorrect_code") from error


class PasskeyLoginForm(webauthn.LoginWebAuthnForm):
    def clean_credential(self) -> Any:
        return _read(super().clean_credential)


class PasskeySecondForm(webauthn.AuthenticateWebAuthnForm):
    def clean_credential(self) -> Any:
        return _read(super().clean_credential)


class PasskeyAgainForm(webauthn.ReauthenticateWebAuthnForm):
    def clean_credential(self) -> Any:
        return _read(super().clean_credential)


class PasskeyForm(webauthn.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["name"].max_length = 100
        if "passwordless" in self.fields:
            self.fields["passwordless"].label = _("Log in with this passkey alone")
            self.fields["passwordless"].help_text = _("It then asks for your finger, face or PIN each time.")

    def clean(self) -> Any:
        return _read(super().clean)


class PasskeyNameForm(webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
