"""Done once: the first request with a key does it and keeps its answer, every other one gets that answer.

The row is inserted in the transaction of the effect. Whoever comes at the same time waits for that transaction at the
unique key; what was refused or fell over leaves no row, so that it can be sent again.
"""

import hashlib
import json
import re
from collections.abc import Callable

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.rest.models import KeptAnswer
from cs_portal.kit.api.errors import KeyReused

HEADER = "Idempotency-Key"
KEY = re.compile(r"[!-~]{1,255}")
KEPT_HEADERS = ("Location", "ETag")


def once(request: Request, user: User, act: Callable[[], Response]) -> HttpResponse:
    """Call ``act`` unless the caller's key was answered already; inside a transaction that ends with the answer."""
    key = request.headers.get(HEADER)
    if key is None:
        return act()
    if not KEY.fullmatch(key):
        wrong = ErrorDetail(_("A key has 1 to 255 visible ASCII characters."), "invalid")
        raise ValidationError({HEADER: [wrong]})
    fingerprint = _fingerprint(request)
    claim = KeptAnswer(user=user, key=key, fingerprint=fingerprint, created_at=timezone.now())
    KeptAnswer.objects.bulk_create([claim], ignore_conflicts=True)  # waits for whoever holds the key
    row = KeptAnswer.objects.get(user=user, key=key)
    if row.status is not None:
        return _again(row, fingerprint)
    response = act()
    _keep(row, request, response)
    return response


def _fingerprint(request: Request) -> str:
    """What is asked of whom: spelling of the JSON does not matter."""
    body = json.dumps(request.data, sort_keys=True, default=_told)
    acts_as = getattr(request.auth, "access_id", None) or request.session.get("portal_access")
    return hashlib.sha256(f"{request.method} {request.get_full_path()} {acts_as}\n{body}".encode()).hexdigest()


def _told(value: object) -> str:
    """A file by its content: two of one name are two requests."""
    if not isinstance(value, UploadedFile):
        return str(value)
    digest = hashlib.sha256()
    for block in value.chunks():
        digest.update(block)
    value.seek(0)
    return f"{value.name} {digest.hexdigest()}"


def _again(row: KeptAnswer, fingerprint: str) -> HttpResponse:
    if row.fingerprint != fingerprint:
        raise KeyReused
    answer = HttpResponse(row.body.encode(), status=row.status, content_type="application/json")
    for name, value in {**row.headers, "Idempotency-Replayed": "true"}.items():
        answer[name] = value
    return answer


def _keep(row: KeptAnswer, request: Request, response: Response) -> None:
    row.status = response.status_code
    row.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    row.body = request.accepted_renderer.render(response.data).decode()
    row.save(update_fields=["status", "headers", "body"])
