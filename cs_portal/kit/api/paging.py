"""Pages that follow a cursor, each of a bounded size."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework import pagination
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request


class Cursor(pagination.CursorPagination):
    """In the order of the public ids: a cursor names a row, and numbers tell nobody how many there are."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "public_id"

    def decode_cursor(self, request: Request) -> Any:
        cursor = super().decode_cursor(request)
        try:
            UUID(cursor.position if cursor and cursor.position else "0" * 32)
        except ValueError:
            raise NotFound(self.invalid_cursor_message) from None
        return cursor

    def get_page_size(self, request: Request) -> int:
        """Raises ValidationError at ``page_size`` for anything but 1 to 200: a smaller page would be a surprise."""
        asked = request.query_params.get("page_size")
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit() and len(asked) < 6 and 1 <= int(asked) <= self.max_page_size):
            raise ValidationError({"page_size": _("A page holds 1 to %(most)s rows.") % {"most": self.max_page_size}})
        return int(asked)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == "page_size":
                parameter["schema"] |= {"minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return parameters
