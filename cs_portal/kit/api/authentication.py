"""Requests of our own pages: the session's cookie, with a CSRF token for every write."""

from drf_spectacular.authentication import SessionScheme
from rest_framework import authentication
from rest_framework.request import Request


class SessionAuthentication(authentication.SessionAuthentication):
    def authenticate_header(self, request: Request) -> str:
        """A challenge turns DRF's 403 for strangers into 401."""
        return 'Session realm="api"'


class SessionCookieScheme(SessionScheme):
    """How the schema describes the session's cookie."""

    target_class = "cs_portal.kit.api.authentication.SessionAuthentication"
