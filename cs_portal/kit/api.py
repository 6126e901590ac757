"""What every REST endpoint shares: 401 for strangers, cursor pages."""

from drf_spectacular.authentication import SessionScheme
from rest_framework import authentication, pagination
from rest_framework.request import Request


class SessionAuthentication(authentication.SessionAuthentication):
    def authenticate_header(self, request: Request) -> str:
        """A challenge turns DRF's 403 for strangers into 401."""
        return 'Session realm="api"'


class SessionCookieScheme(SessionScheme):
    """How the schema describes the session's cookie."""

    target_class = "cs_portal.kit.api.SessionAuthentication"


class Cursor(pagination.CursorPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "pk"
