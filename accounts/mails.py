"""The words' context of the mails about getting in."""

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.login_codes import code_for
from accounts.models import PortalAccess, StaffInvitation, User
from accounts.outbox.models import OutboxMail
from accounts.outbox.registry import Undeliverable, mail_context


def absolute(name: str, *args: object) -> str:
    return settings.BASE_URL + reverse(name, args=args)


def the_user(mail: OutboxMail) -> User:
    if mail.user is None:
        raise Undeliverable("this mail needs a user")
    return mail.user


@mail_context("login-code")
def login_code(mail: OutboxMail) -> dict[str, Any]:
    return {"code": code_for(mail.context["nonce"])}


@mail_context("password-reset")
def password_reset(mail: OutboxMail) -> dict[str, Any]:
    user = the_user(mail)
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    return {"url": settings.BASE_URL + path.replace("UID-KEY", key), "button": _("Set a new password")}


@mail_context("portal-invitation")
def portal_invitation(mail: OutboxMail) -> dict[str, Any]:
    access = PortalAccess.objects.select_related("contact__customer", "invited_by", "user").get(
        pk=mail.context["access"]
    )
    if access.revoked_at is not None:
        raise Undeliverable("the access was revoked")
    return {
        "customer": access.contact.customer.name,
        "inviter": str(access.invited_by),
        "reply_to": access.invited_by.email,
        "email": access.user.email,
        "url": absolute("account_login"),
        "button": _("Open the portal"),
    }


@mail_context("staff-invitation")
def staff_invitation(mail: OutboxMail) -> dict[str, Any]:
    invitation = StaffInvitation.objects.select_related("invited_by").get(pk=mail.context["invitation"])
    if not invitation.is_open:
        raise Undeliverable("the invitation is no longer open")
    return {
        "inviter": str(invitation.invited_by),
        "reply_to": invitation.invited_by.email,
        "until": invitation.expires_at,
        "url": absolute("invitation", invitation.token),
        "button": _("Choose a password"),
    }


@mail_context("test-mail")
def test_mail(mail: OutboxMail) -> dict[str, Any]:
    return {"sent_for": the_user(mail).email}


NOTICES = {
    "factor_added": gettext_lazy("A second factor was added to your login."),
    "factor_removed": gettext_lazy("A second factor was removed from your login."),
    "codes_renewed": gettext_lazy("New recovery codes were made for your login; the old ones no longer work."),
    "password_changed": gettext_lazy("Your password was changed. All other sessions have ended."),
    "factors_reset": gettext_lazy(
        "An administrator removed the second factors of your login. All sessions have ended."
    ),
}


@mail_context("security-notice")
def security_notice(mail: OutboxMail) -> dict[str, Any]:
    return {"notice": NOTICES[mail.context["event"]], "url": absolute("mfa_index"), "button": _("Look at it")}
