"""Within a request that only reads, the same question is asked once; whoever writes sees what was written."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from cs_portal.kit.once import asking_once, once

asked: list[tuple] = []


@once
def answer(*args, **kwargs):
    asked.append((args, kwargs))
    return len(asked)


@pytest.mark.parametrize(
    ("method", "answers"), [("get", b"[1, 1, 2, 2, 3]"), ("head", b"[1, 1, 2, 2, 3]"), ("post", b"[1, 2, 3, 4, 5]")]
)
def test_a_reading_request_asks_once_for_each_set_of_arguments_and_the_next_one_again(method, answers):
    def view(_request):
        return HttpResponse(str([answer(1), answer(1), answer(2), answer(2), answer(1, of="it")]))

    asked.clear()
    request = getattr(RequestFactory(), method)("/")
    assert asking_once(view)(request).content == answers
    before = len(asked)
    asking_once(view)(request)
    assert len(asked) == 2 * before


def test_outside_of_a_request_and_after_one_that_failed_every_question_is_asked():
    def view(_request):
        answer(1)
        raise LookupError

    asked.clear()
    with pytest.raises(LookupError):
        asking_once(view)(RequestFactory().get("/"))
    answer(1)
    answer(1)
    assert len(asked) == 3
