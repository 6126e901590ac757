"""Two transactions that stood in each other's way: the database has ended one of them, and it is tried again once.

Asking twice has one effect (docs/promises.md, R28), so the whole request is asked again.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from psycopg.errors import DeadlockDetected, SerializationFailure

Answer = TypeVar("Answer")
log = structlog.get_logger()


def is_clash(error: BaseException) -> bool:
    """Nothing of the transaction has happened, and nothing is wrong with it."""
    return isinstance(error, OperationalError) and isinstance(error.__cause__, DeadlockDetected | SerializationFailure)


def once_more(act: Callable[[], Answer]) -> Answer:
    """What ``act`` returns; it is called a second time when its transaction clashed with another one."""
    try:
        return act()
    except OperationalError as error:
        if not is_clash(error) or connection.in_atomic_block:
            raise
        log.warning("tried again", error=str(error.__cause__))
        return act()


class OnceMore:
    """Asks a page's view again. Stands innermost, so that no other middleware sees the error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not is_clash(error) or connection.in_atomic_block:
            return None
        log.warning("tried again", error=str(error.__cause__))
        view: Callable[..., Any] = match.func
        response: HttpResponse = view(request, *match.args, **match.kwargs)
        return response
