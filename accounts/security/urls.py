"""allauth's pages that we offer, each for colleagues only; a contact logs in by a code and has no factor."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path
from django.views.generic import RedirectView

from accounts.access import page_verbs, staff_required
from accounts.security import views

ours = staff_required()
to_security = page_verbs(RedirectView.as_view(pattern_name="mfa_index"))

urlpatterns = [
    path("settings/security/", views.security, name="mfa_index"),
    path("settings/security/password/", ours(account.password_change), name="account_change_password"),
    path("settings/security/password/first/", to_security, name="account_set_password"),
    path("settings/security/sessions/end/", views.sessions_end, name="sessions_end"),
    path("settings/security/sessions/<int:number>/end/", views.session_end, name="session_end"),
    path("settings/security/app/", ours(totp.activate_totp), name="mfa_activate_totp"),
    path("settings/security/app/remove/", ours(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("settings/security/codes/", ours(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("settings/security/codes/new/", ours(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("settings/security/codes/file/", ours(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("settings/security/passkeys/", to_security, name="mfa_list_webauthn"),
    path("settings/security/passkeys/add/", ours(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("settings/security/passkeys/<int:pk>/remove/", ours(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("settings/security/passkeys/<int:pk>/name/", ours(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("accounts/login/second/", page_verbs(mfa.authenticate), name="mfa_authenticate"),
    path("accounts/login/passkey/", page_verbs(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("accounts/again/", ours(account.reauthenticate), name="account_reauthenticate"),
    path("accounts/again/code/", ours(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("accounts/again/passkey/", ours(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
]
