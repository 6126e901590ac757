"""The workspace's name and links in every page's frame; the row was read by the middleware."""

from typing import Any

from django.http import HttpRequest


def branding(request: HttpRequest) -> dict[str, Any]:
    row = getattr(request, "workspace", None)
    if row is None:  # an error before the middleware
        return {}
    links = {"imprint_url": row.imprint_url, "privacy_url": row.privacy_url}
    return links | ({"workspace_name": row.name} if row.name else {})
