"""What the database ended because two stood in each other's way is tried again once, and nothing else is."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, OperationalError
from django.test import RequestFactory
from psycopg.errors import AdminShutdown, DeadlockDetected, SerializationFailure

from cs_portal.kit.again import OnceMore, once_more


def ended(cause):
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


class Acting:
    """Fails with each of the errors in turn, then succeeds."""

    def __init__(self, *errors):
        self.errors, self.calls = list(errors), 0

    def __call__(self, *args, **kwargs):
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


@pytest.mark.parametrize("cause", [DeadlockDetected("deadlock"), SerializationFailure("could not serialize")])
def test_a_clash_is_tried_again_and_not_shown(cause):
    act, view = Acting(ended(cause)), Acting()
    assert (once_more(act), act.calls) == ("done", 2)
    request = RequestFactory().post("/")
    request.resolver_match = SimpleNamespace(func=view, args=(), kwargs={"pk": 1})
    assert (OnceMore(view).process_exception(request, ended(cause)), view.calls) == ("done", 1)


def test_only_once():
    act = Acting(ended(DeadlockDetected("first")), ended(DeadlockDetected("second")))
    with pytest.raises(OperationalError, match="second"):
        once_more(act)


@pytest.mark.parametrize("error", [ended(AdminShutdown("away")), OperationalError("away"), IntegrityError("twice")])
def test_what_is_no_clash_is_not_tried_again(error):
    act, view = Acting(error), Acting()
    with pytest.raises(type(error)):
        once_more(act)
    request = RequestFactory().post("/")
    request.resolver_match = SimpleNamespace(func=view, args=(), kwargs={})
    assert (act.calls, OnceMore(view).process_exception(request, error), view.calls) == (1, None, 0)


@pytest.mark.django_db
def test_within_a_transaction_whoever_began_it_tries_again():
    act = Acting(ended(DeadlockDetected("deadlock")))
    with pytest.raises(OperationalError):
        once_more(act)
    assert act.calls == 1
