"""Ready only when everything it needs answers; figures only for this machine or with the token."""

import json
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from accounts.jobs import services as jobs
from accounts.jobs.models import Heartbeat
from accounts.jobs.scheduler import Beat
from accounts.jobs.tasks import pulse
from accounts.outbox.models import OutboxMail
from accounts.outbox.services import queue_mail
from cs_portal.celery import app
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db
READY = {"database": "ok", "migrations": "ok", "broker": "ok", "beat": "ok"}


@pytest.fixture(autouse=True)
def broker(tmp_path):
    """The file transport in a folder of the test's own."""
    folder = tmp_path / "queue"
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(tmp_path / "c")}
    before = app.conf.broker_transport_options
    app.conf.broker_transport_options = options
    yield folder
    app.conf.broker_transport_options = before


@pytest.fixture
def beats():
    jobs.beat("beat")


def asked(client):
    answer = client.get("/readyz")
    return answer.status_code, json.loads(answer.content)


def refuse(*args):
    raise OperationalError("password=secret host=db.internal")


def test_ready_when_everything_answers(client, beats):
    assert asked(client) == (200, READY)


def test_not_without_a_beat_or_with_one_that_died(client):
    assert asked(client) == (503, READY | {"beat": "has never run"})
    Heartbeat.objects.create(name="beat", at=timezone.now() - timedelta(seconds=90))
    assert asked(client) == (503, READY | {"beat": "no sign of life for 90 s"})


def test_not_with_a_migration_to_apply(client, beats):
    MigrationRecorder.Migration.objects.filter(app="jobs").delete()
    assert asked(client) == (503, READY | {"migrations": "1 not applied"})


def test_not_when_the_broker_takes_nothing(client, beats, broker, monkeypatch):
    broker.write_text("a file where the folder should be")
    assert asked(client) == (503, READY | {"broker": "does not answer"})
    broker.unlink()
    monkeypatch.setattr("tempfile.TemporaryFile", refuse_to_write)
    assert asked(client) == (503, READY | {"broker": "not writable"})


def refuse_to_write(*args, **kwargs):
    raise OSError(28, "No space left on device")


def test_a_database_that_is_away_is_said_without_secrets_and_the_process_still_lives(client):
    with connection.execute_wrapper(refuse):
        assert asked(client) == (
            503,
            {"database": "does not answer", "migrations": "unknown", "broker": "ok", "beat": "unknown"},
        )
        assert client.get("/healthz").content == b"ok"
        assert b"cs_database_up 0.0" in client.get("/metrics").content


def test_the_beat_and_the_worker_leave_a_sign_of_life(tmp_path):
    scheduler = Beat(app, schedule_filename=str(tmp_path / "beat"), lazy=True)
    for _twice in range(2):
        scheduler.alive()
    pulse()
    assert sorted(Heartbeat.objects.values_list("name", flat=True)) == ["beat", "worker"]


class TestMetrics:
    def figures(self, client, **headers):
        text = client.get("/metrics", **headers).content.decode()
        return {
            (sample.name, *sorted(sample.labels.values())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def test_what_operators_need(self, client, beats):
        user = make_user("admin")
        for number in range(3):
            queue_mail(f"k{number}", "password-reset", user=user, context={}, language="en", purpose="login")
        late = timezone.now() - timedelta(hours=1)
        OutboxMail.objects.filter(key="k0").update(due_at=late)
        OutboxMail.objects.filter(key="k1").update(state=OutboxMail.State.PARKED)
        jobs.start_job("audit_check", by=None)
        client.get("/accounts/login/")
        found = self.figures(client)
        assert (found["cs_outbox_waiting",], found["cs_outbox_parked",], found["cs_jobs", "waiting"]) == (2, 1, 1)
        assert found["cs_outbox_oldest_seconds",] >= 3600
        assert found["cs_beat_age_seconds",] < 60
        assert found["cs_worker_age_seconds",] != found["cs_worker_age_seconds",], "never seen"
        assert found["cs_django_http_responses_total_by_status_view_method_total", "200", "GET", "account_login"] >= 1
        name = "cs_django_http_requests_latency_seconds_by_view_method_bucket"
        assert found[name, "+Inf", "GET", "account_login"] >= 1

    @pytest.mark.parametrize(
        ("token", "headers", "status"),
        [
            ("", {}, 200),
            ("", {"REMOTE_ADDR": "::1"}, 200),
            ("", {"REMOTE_ADDR": "203.0.113.7"}, 404),
            ("", {"REMOTE_ADDR": "203.0.113.7", "HTTP_AUTHORIZATION": "Bearer "}, 404),
            ("", {"HTTP_X_FORWARDED_FOR": "203.0.113.7"}, 404),
            ("", {"REMOTE_ADDR": "203.0.113.7", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 404),
            ("let-me-in", {"REMOTE_ADDR": "203.0.113.7"}, 404),
            ("let-me-in", {"REMOTE_ADDR": "203.0.113.7", "HTTP_AUTHORIZATION": "Bearer wrong"}, 404),
            ("let-me-in", {"REMOTE_ADDR": "203.0.113.7", "HTTP_AUTHORIZATION": "Bearer ümlaut"}, 404),
            ("let-me-in", {"REMOTE_ADDR": "203.0.113.7", "HTTP_AUTHORIZATION": "Bearer let-me-in"}, 200),
        ],
    )
    def test_only_this_machine_or_the_token(self, client, settings, token, headers, status):
        settings.METRICS_TOKEN = token
        assert client.get("/metrics", **headers).status_code == status
