"""Logging in and out is allauth's; only the pages we offer are routed."""

from allauth.account import views as allauth_views
from django.urls import path, re_path

from accounts import views
from accounts.access import page_verbs

urlpatterns = [
    path("accounts/login/", page_verbs(views.Login.as_view()), name="account_login"),
    path("accounts/login/code/", page_verbs(views.RequestCode.as_view()), name="account_request_login_code"),
    path(
        "accounts/login/code/confirm/", page_verbs(allauth_views.confirm_login_code), name="account_confirm_login_code"
    ),
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
]
