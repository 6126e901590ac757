"""allauth, as we use it: nobody signs up; mail goes through the outbox, so that no answer waits for it."""

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core import context as allauth_context
from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.access import live_accesses, portal_access
from accounts.login_codes import code_for
from accounts.models import Role, User
from accounts.outbox.services import queue_mail
from accounts.portal_services import remember_use
from accounts.services import workspace
from cs_portal.kit.addresses import client_address

NONCE = "_login_code_nonce"


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """A deactivated person's password is answered like a wrong one."""
        user = super().authenticate(request, **credentials)
        return user if isinstance(user, User) and user.is_active else None

    def get_client_ip(self, request: HttpRequest) -> str:
        """What the limits count by; without an address all are counted as one."""
        return client_address(request) or "unknown"

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Also with a passkey nobody learns more than that it did not work."""
        clear_login(request)
        return redirect("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def is_safe_url(self, url: str | None) -> bool:
        """After login only a path of our own is followed, whatever hosts we answer for."""
        own_path = bool(url) and url.startswith("/") and not url.startswith(("//", "/\\"))  # type: ignore[union-attr]
        return own_path and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url(home_of(request))

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:  # type: ignore[override]
        """Access may have ended between asking for the code and entering it."""
        if user.role == Role.CONTACT and not live_accesses(user).exists():
            clear_login(request)
            return redirect("account_login")
        return super().pre_login(request, user, **kwargs)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        if access := portal_access(request):
            remember_use(access)
        return super().post_login(request, user, **kwargs)

    def generate_login_code(self) -> str:
        """Derived from a nonce, so that the outbox keeps the nonce and never the code."""
        nonce = secrets.token_hex(20)
        setattr(allauth_context.request, NONCE, nonce)
        return code_for(nonce)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue what we do send; name, address, code and link are put in by the worker."""
        name = template_prefix.rpartition("/")[2]
        if name == "login_code":
            nonce = getattr(allauth_context.request, NONCE)
            user = User.objects.get(email=email.strip().lower())
            queue_mail(
                f"login-code:{nonce}",
                "login-code",
                user=user,
                context={"nonce": nonce},
                language=user.language,
                purpose="login",
            )
        elif name == "password_reset_key":
            user = context["user"]
            queue_mail(
                f"password-reset:{secrets.token_hex(20)}",
                "password-reset",
                user=user,
                context={},
                language=user.language,
                purpose="login",
            )


def home_of(request: HttpRequest) -> str:
    """The first page of a colleague and of a contact; who has something to choose or to set up first does that."""
    user = request.user
    if isinstance(user, User) and user.role == Role.CONTACT:
        return "dashboards:portal_home" if portal_access(request) else "portal_choose"
    if isinstance(user, User) and user.role == Role.ADMIN and (step := workspace().setup_step):
        return reverse("setup_step", args=[step])
    return "dashboards:today"


def log_in(request: HttpRequest, person: User) -> None:
    """After a first password: nothing else is to be asked yet."""
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    UserSession.objects.create_from_request(request)
