"""What every REST endpoint shares: 401 for strangers, cursor pages."""

from typing import Any
from uuid import UUID

from drf_spectacular.authentication import SessionScheme
from rest_framework import authentication, exceptions, pagination
from rest_framework.request import Request


class SessionAuthentication(authentication.SessionAuthentication):
    def authenticate_header(self, request: Request) -> str:
        """A challenge turns DRF's 403 for strangers into 401."""
        return 'Session realm="api"'


class SessionCookieScheme(SessionScheme):
    """How the schema describes the session's cookie."""

    target_class = "cs_portal.kit.api.SessionAuthentication"


class Cursor(pagination.CursorPagination):
    """Pages in the order of the public ids: a cursor names a row, and numbers tell nobody how many there are."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "public_id"

    def decode_cursor(self, request: Request) -> Any:
        cursor = super().decode_cursor(request)
        try:
            UUID(cursor.position if cursor and cursor.position else "0" * 32)
        except ValueError:
            raise exceptions.NotFound(self.invalid_cursor_message) from None
        return cursor
