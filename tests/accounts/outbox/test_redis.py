"""With Redis as broker: a worker killed in the middle of a batch, a queue that is lost, a message that comes twice."""

import os
from collections import Counter
from datetime import timedelta
from email import message_from_bytes

import pytest
from django.db import transaction
from django.utils import timezone
from redis import Redis

from accounts.outbox.models import OutboxMail
from accounts.outbox.services import queue_mail
from cs_portal.celery import app
from tests.factories.accounts import make_user
from tests.factories.workers import BEAT, WORKER, Workers, until

BROKER = os.environ.get("CS_BROKER_URL", "")
pytestmark = [
    pytest.mark.redis,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not BROKER.startswith("redis"), reason="needs Redis: .ci/with-redis ./cs test -n 0 -m redis"),
]
MANY = 120
State = OutboxMail.State


@pytest.fixture
def queue():
    with Redis(unix_socket_path=BROKER.partition("://")[2]) as redis:
        redis.flushall()
        yield redis


@pytest.fixture
def workers(tmp_path):
    started = Workers(tmp_path, CS_SWEEP_SECONDS="1", CS_EMAIL_URL="filemail://")
    yield started
    started.end()


@pytest.fixture
def batch():
    """As many mails, each with the message that wakes a worker, in one transaction."""
    user = make_user(role="csm", email="ada@example.org")
    with transaction.atomic():
        for number in range(MANY):
            queue_mail(f"k{number}", "password-reset", user=user, context={}, language="en", purpose="login")


def count(state):
    return OutboxMail.objects.filter(state=state).count()


def sent(folder):
    """How often each mail lies in the receiver's box."""
    return Counter(message_from_bytes(path.read_bytes())["Message-ID"] for path in folder.glob("*.eml"))


def test_nothing_is_lost_and_only_what_is_in_doubt_may_come_twice_under_its_id(queue, workers, batch, tmp_path):
    box = tmp_path / "mail"
    assert queue.llen("celery") == MANY
    first = workers.start(*WORKER)
    assert until(lambda: count(State.SENT) >= MANY // 10)
    workers.kill(first)
    held = set(OutboxMail.objects.filter(state=State.CLAIMED).values_list("message_id", flat=True))
    assert count(State.WAITING) > 0, "killed in the middle"

    queue.flushall()  # and Redis had to be started anew: no message is left, nor what the dead worker still had
    OutboxMail.objects.filter(state=State.CLAIMED).update(lease_until=timezone.now() - timedelta(seconds=1))
    workers.start(*WORKER)
    workers.start(*BEAT)
    assert until(lambda: count(State.SENT) == MANY), "the sweep finds every row"

    mails = {mail.message_id: mail for mail in OutboxMail.objects.all()}
    doubtful = {name for name, mail in mails.items() if mail.maybe_sent}
    found = sent(box)
    assert (set(found), doubtful) == (set(mails), held)
    assert {name for name, times in found.items() if times > 1} <= held
    assert max(found.values()) <= 2

    for mail in mails.values():
        app.send_task("accounts.outbox.tasks.deliver", [mail.pk])  # every message once more
    assert until(lambda: queue.llen("celery") == 0 and not queue.exists("unacked"))
    assert sent(box) == found
