"""So many requests a minute for a token or a person, whatever their headers claim."""

from django.conf import settings
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.rest.models import ApiToken
from accounts.rest.services import count_request


class PerCaller(BaseThrottle):
    """Runs after the login was checked, so that nobody spends another's requests."""

    def allow_request(self, request: Request, view: object) -> bool:
        token = request.auth
        caller = f"token {token.pk}" if isinstance(token, ApiToken) else f"user {request.user.pk}"
        reads = request.method in SAFE_METHODS
        asked, self.seconds = count_request(f"{caller} {'reads' if reads else 'writes'}")
        return asked <= (settings.API_READS_PER_MINUTE if reads else settings.API_WRITES_PER_MINUTE)

    def wait(self) -> float:
        return self.seconds
