"""``Authorization: Bearer csp_…``: a token acts as its owner, a contact's for the one company it was made for."""

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import User
from accounts.rest.models import ApiToken
from accounts.rest.queries import opens_door, token_of
from accounts.rest.services import note_use


class TokenAuthentication(KnoxAuthentication):
    """The header only, never the query string. Unknown, revoked, expired and deactivated are one answer."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        try:
            authenticated: tuple[User, ApiToken] | None = super().authenticate(request)
        except AuthenticationFailed:  # whatever is wrong with the header
            raise AuthenticationFailed(_("This token is not valid.")) from None
        if authenticated is not None and authenticated[0].language:
            translation.activate(authenticated[0].language)
        return authenticated

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        found, now = token_of(token.decode("ascii", "replace")), timezone.now()
        if found is None or not found.is_live(now) or not self._owner_may(found):
            raise AuthenticationFailed(_("This token is not valid."))
        note_use(found, now)
        return found.user, found

    def _owner_may(self, token: ApiToken) -> bool:
        user = token.user
        if user.is_colleague:
            return user.is_active and token.access is None
        return user.is_active and token.access is not None and opens_door(token.access, user)


class BearerScheme(OpenApiAuthenticationExtension):
    """How the schema describes a token."""

    target_class = "accounts.rest.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "csp_…",
            "description": "A token from your profile. One that may only read gets 403 for every write.",
        }
