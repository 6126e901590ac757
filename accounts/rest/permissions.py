"""What a token may do at all; what its owner may do is asked at each record."""

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.access import WRITES_ALL
from accounts.models import Role
from accounts.rest.models import ApiToken

WRITERS = WRITES_ALL | {Role.CSM, Role.CONTACT}


class InScope(BasePermission):
    """A token with the scope read reads."""

    message = _("This token may only read.")

    def has_permission(self, request: Request, view: object) -> bool:
        token = request.auth
        return request.method in SAFE_METHODS or not isinstance(token, ApiToken) or token.may_write


class Writes(BasePermission):
    """Whoever never writes hears so before anything else is looked at."""

    def has_permission(self, request: Request, view: object) -> bool:
        return request.method in SAFE_METHODS or request.user.role in getattr(view, "writers", WRITERS)  # type: ignore[union-attr]
