"""Twenty answers at once: the database takes one. The twin without its constraint takes them all."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test import Client

from surveys.models import Response
from tests.factories.surveys import link, make_asked

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 20
INDEX = "one_response_per_invitation_and_kind"


def answer_at_once(invitation):
    """Sorted status codes of twenty clients, four of whom always start together."""
    barrier = Barrier(4)  # no more connections than the pool has

    def answer(score):
        try:
            barrier.wait(timeout=10)
            return Client().post(link(invitation), {"score": str(score % 11)}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        return sorted(pool.map(answer, range(AT_ONCE)))


def test_of_twenty_answers_at_once_one_is_stored():
    statuses = answer_at_once(make_asked())
    assert (statuses, Response.objects.count()) == ([302] + [409] * (AT_ONCE - 1), 1)


@pytest.fixture
def without_the_constraint():
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [INDEX])
        [definition] = cursor.fetchone()
        cursor.execute(f"DROP INDEX {INDEX}")
    yield
    Response.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(definition)


def test_without_the_constraint_several_would_be_stored(without_the_constraint):
    stored = 1
    for _attempt in range(5):
        answer_at_once(make_asked())
        stored = max(stored, max(Response.objects.filter(invitation=pk).count() for pk in invitations()))
    assert stored > 1


def invitations():
    return set(Response.objects.values_list("invitation", flat=True))
