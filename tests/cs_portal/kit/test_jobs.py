"""Waking the worker must not fail a request, and only one beat may tick."""

import socket
from threading import Thread
from types import SimpleNamespace

import psycopg
import pytest
from celery import Celery
from django.conf import settings
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from cs_portal.celery import app, be_patient
from cs_portal.kit.jobs import BEAT_LOCK, LOOK_AGAIN, OneBeat


@pytest.fixture
def beat(tmp_path):
    def make() -> OneBeat:
        return OneBeat(Celery("beat", set_as_current=False), schedule_filename=str(tmp_path / "beat"))

    return make


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_fails_no_request(monkeypatch, caplog):
    @app.task(name="tests.never")
    def never(): ...

    def away(*args, **kwargs):
        raise OSError("no broker")

    monkeypatch.setattr(never, "apply_async", away)
    with transaction.atomic():
        never.delay_on_commit(1)
    assert "no broker" in caplog.text


@pytest.fixture
def stalled():
    """Takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def test_a_broker_that_stalls_is_given_up(stalled):
    """Without the limits it would be waited for without end; the thread is there to see that."""
    refused = []
    page = Celery("page", broker=stalled, set_as_current=False)
    page.conf.update(
        broker_transport_options=settings.BROKER_IMPATIENCE | {"socket_timeout": 0.1},
        broker_connection_timeout=settings.CELERY_BROKER_CONNECTION_TIMEOUT,
        task_publish_retry_policy=settings.CELERY_TASK_PUBLISH_RETRY_POLICY,
    )

    def wake():
        try:
            page.send_task("tests.never")
        except OperationalError as away:
            refused.append(str(away))

    thread = Thread(target=wake, daemon=True)
    thread.start()
    thread.join(30)
    assert refused == ["Timeout reading from socket"]
    assert settings.BROKER_IMPATIENCE["socket_timeout"] * 2 < 2, "twice, and a page still comes within two seconds"


def test_a_worker_waits_longer_than_a_page():
    conf = SimpleNamespace(broker_transport_options=settings.BROKER_IMPATIENCE)
    be_patient(conf=conf)
    assert conf.broker_transport_options == settings.BROKER_PATIENCE


@pytest.mark.django_db(transaction=True)
def test_only_the_beat_that_holds_the_lock_ticks(beat, monkeypatch):
    ticks = []
    monkeypatch.setattr("celery.beat.Scheduler.tick", lambda self, *args, **kwargs: ticks.append(1) or 300.0)
    params = connection.get_connection_params()
    options = {name: params[name] for name in ("dbname", "user", "password", "host", "port") if params.get(name)}
    with psycopg.connect(**options, autocommit=True) as elsewhere:
        elsewhere.execute("SELECT pg_advisory_lock(%s)", [BEAT_LOCK])
        first = beat()
        assert (first.tick(), ticks) == (LOOK_AGAIN, [])
        elsewhere.execute("SELECT pg_advisory_unlock(%s)", [BEAT_LOCK])  # a server notices a closed line a bit later
    assert (first.tick(), first.tick(), ticks) == (LOOK_AGAIN, LOOK_AGAIN, [1, 1])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (1,), "asked twice, held once"
        cursor.execute("SELECT pg_advisory_unlock_all()")


def test_every_sweep_of_the_beat_table_is_a_known_task():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
