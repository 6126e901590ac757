"""Logging in and out is allauth's; only the pages we offer are routed."""

from allauth.account import views as allauth_views
from django.urls import include, path, re_path

from accounts import views
from accounts.access import page_verbs
from accounts.contacts import views as contacts
from accounts.identity import views as identity
from accounts.setup import views as setup
from accounts.sso import views as sso
from accounts.staff import views as staff
from accounts.viewing import views as viewing

urlpatterns = [
    path("", include("accounts.security.urls")),
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/export.csv", contacts.contacts_file, {"kind": "csv"}, name="contacts_csv"),
    path("contacts/export.xlsx", contacts.contacts_file, {"kind": "xlsx"}, name="contacts_xlsx"),
    path("accounts/login/", page_verbs(views.Login.as_view()), name="account_login"),
    path("accounts/login/code/", page_verbs(views.RequestCode.as_view()), name="account_request_login_code"),
    path(
        "accounts/login/code/confirm/", page_verbs(allauth_views.confirm_login_code), name="account_confirm_login_code"
    ),
    path("accounts/login/sso/", page_verbs(sso.begin), name="sso_begin"),
    path("accounts/login/sso/callback/", page_verbs(sso.callback), name="sso_callback"),
    path("accounts/logout/", views.logout, name="account_logout"),
    path("accounts/password/reset/", page_verbs(allauth_views.password_reset), name="account_reset_password"),
    path(
        "accounts/password/reset/done/",
        page_verbs(allauth_views.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        page_verbs(allauth_views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/reset/key/done/",
        page_verbs(allauth_views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("portal/choose/", views.choose_company, name="portal_choose"),
    path("customers/<uuid:public_id>/contacts/<uuid:contact_id>/invite/", views.invite, name="contact_invite"),
    path("customers/<uuid:public_id>/contacts/<uuid:contact_id>/revoke/", views.revoke, name="contact_revoke"),
    path("customers/<uuid:public_id>/contacts/<uuid:contact_id>/view/", viewing.start, name="viewing_start"),
    path("portal/viewing/", viewing.own, name="viewing"),
    path("portal/viewing/end/", viewing.end, name="viewing_end"),
    path("invitation/<str:token>/", staff.accept, name="invitation"),
    path("settings/people/", staff.people, name="people"),
    path("settings/people/export.csv", staff.people_file, {"kind": "csv"}, name="people_csv"),
    path("settings/people/export.xlsx", staff.people_file, {"kind": "xlsx"}, name="people_xlsx"),
    path("settings/people/invite/", staff.invite, name="person_invite"),
    path("settings/people/<uuid:public_id>/", staff.person, name="person"),
    path("settings/people/<uuid:public_id>/role/", staff.person_role, name="person_role"),
    path("settings/people/<uuid:public_id>/teams/", staff.person_teams, name="person_teams"),
    path("settings/people/<uuid:public_id>/hand-over/", staff.hand_over, name="person_hand_over"),
    path("settings/people/<uuid:public_id>/<slug:verb>/", staff.person_act, name="person_act"),
    path("settings/general/", identity.general, name="workspace_general"),
    path("settings/general/test-mail/", identity.mail_test, name="mail_test"),
    path("settings/general/second-factor/", identity.second_factor_roles, name="second_factor_roles"),
    path("settings/teams/", staff.teams, name="teams"),
    path("settings/teams/new/", staff.team_new, name="team_new"),
    path("settings/teams/<uuid:public_id>/", staff.team, name="team"),
    path("settings/teams/<uuid:public_id>/remove/", staff.team_remove, name="team_remove"),
    path("setup/", setup.setup, name="setup"),
    path("setup/<slug:step>/", setup.setup_step, name="setup_step"),
]
