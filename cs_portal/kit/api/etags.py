"""Strong ETags made of what is answered: the same bytes have the same tag, whatever changed them."""

import hashlib
from typing import Any

from django.utils.http import parse_etags
from drf_orjson_renderer.renderers import ORJSONRenderer
from rest_framework.request import Request

from cs_portal.kit.api.errors import PreconditionFailed


def etag_of(data: Any) -> str:
    return f'"{hashlib.sha256(ORJSONRenderer().render(data)).hexdigest()[:40]}"'


def is_known(request: Request, etag: str) -> bool:
    """Whether the caller has it already (If-None-Match, compared weakly)."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return known == ["*"] or etag in [one.removeprefix("W/") for one in known]


def require_match(request: Request, etag: str) -> None:
    """Raise PreconditionFailed (412) when the caller decided on something that has changed (If-Match, strong)."""
    wanted = parse_etags(request.headers.get("If-Match", ""))
    if wanted != ["*"] and etag not in wanted:
        raise PreconditionFailed
