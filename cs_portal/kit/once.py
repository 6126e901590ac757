"""What a reading request asks several times and the database answers once: settings, rights, the state of the facts."""

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")
T = TypeVar("T")
READS = frozenset({"GET", "HEAD"})
_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers of this request", default=None)


def once(function: Callable[P, T]) -> Callable[P, T]:
    """Within a GET the first answer stands for all questions with the same arguments; elsewhere every one is asked."""

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        answers = _answers.get()
        if answers is None:
            return function(*args, **kwargs)
        key = (function, args, tuple(sorted(kwargs.items())))
        if key not in answers:
            answers[key] = function(*args, **kwargs)
        answer: T = answers[key]
        return answer

    return asked


def asking_once(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A request that writes must see what it wrote: only reading ones remember, and only until they are answered."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in READS:
            return get_response(request)
        before = _answers.set({})
        try:
            return get_response(request)
        finally:
            _answers.reset(before)

    return middleware
