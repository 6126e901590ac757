"""The job survives its worker: claimed with a lease, swept, done once, parked when it cannot be done."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from reports import services
from reports.models import Rendering
from reports.services import renderings
from tests.factories.facts import make_goal, make_indicator, make_measurement

ROOT = Path(__file__).resolve().parents[2]
State = Rendering.State


@pytest.mark.django_db
def test_who_is_late_leaves_no_second_file(issued, media):
    """Its lease ran out, another worker was faster: its file and what a killed one left go, the row stays."""
    first = renderings.claim(issued.renderings.get(stage="issued").pk)
    half = media / "reports" / str(first.public_id) / "half.pdf"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"%PDF half")
    Rendering.objects.filter(pk=first.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert services.render(first.pk) is True
    renderings._store(first, b"late")
    assert len(list(media.glob("reports/*/*.pdf"))) == 1
    first.refresh_from_db()
    assert (first.state, first.attempts) == (State.DONE, 2)


@pytest.mark.django_db
def test_one_that_fails_is_parked_after_three_tries_and_the_others_go_on(issued):
    bad, good = issued.renderings.order_by("pk")
    with pytest.MonkeyPatch.context() as patch:
        real = renderings.report_pdf

        def fails_for_review(report, stage):
            if stage == "review":
                raise OSError("disk full")
            return real(report, stage)

        patch.setattr(renderings, "report_pdf", fails_for_review)
        for _try in range(4):
            Rendering.objects.filter(state=State.WAITING).update(due_at=timezone.now())
            services.sweep()
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.attempts, bad.last_error) == (State.PARKED, 3, "OSError: disk full")
    assert good.state == State.DONE


@pytest.mark.django_db
def test_a_job_of_content_that_was_taken_back_is_not_done(told):
    report = services.submit_for_review(told.draft(), by=told.csm)
    services.back_to_draft(report, by=told.csm)
    assert services.sweep() == 0
    assert report.renderings.get().state == State.PARKED


@pytest.mark.django_db
def test_one_that_kills_its_worker_three_times_is_parked(issued):
    row = issued.renderings.get(stage="issued")
    Rendering.objects.filter(pk=row.pk).update(
        state=State.CLAIMED, attempts=3, lease_until=timezone.now() - timedelta(seconds=1)
    )
    assert services.render(row.pk) is False
    row.refresh_from_db()
    assert row.state == State.PARKED


def until(holds, seconds=120):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def worker(tmp_path, media):
    """Starts real workers over the filesystem transport, as ./cs does."""
    database = connection.settings_dict
    address = f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/"
    env = os.environ | {
        "DATABASE_URL": address + database["NAME"], "CS_VAR_DIR": str(tmp_path), "CS_RENDER_LEASE_SECONDS": "10",
        "CS_SWEEP_SECONDS": "1", "CS_BROKER_URL": "filesystem://",
    }  # fmt: skip
    (tmp_path / "broker").mkdir()
    running = []

    def start(*command):
        log = (tmp_path / f"log-{len(running)}").open("wb")
        running.append(
            subprocess.Popen([sys.executable, "-m", "celery", "-A", "cs_portal", *command], cwd=ROOT, env=env,
                             stdout=log, stderr=log, start_new_session=True)
        )  # fmt: skip
        log.close()
        return running[-1]

    yield start
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.bootstrap
@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_the_report_still_comes_once(told, worker, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    goal = make_goal(told.customer)
    for _number in range(60):
        many = make_indicator(goal, question="Long. " * 300)
        make_measurement(many, "2026-03-30", 120)
    report = services.submit_for_review(told.draft(), by=told.csm)
    row = report.renderings.get()
    command = ("worker", "-P", "threads", "-c", "2", "-l", "WARNING")
    beat = ("beat", "--pidfile=", "-l", "WARNING")
    first = worker(*command)
    worker(*beat)
    assert until(lambda: Rendering.objects.filter(pk=row.pk, state=State.CLAIMED).exists())
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.CLAIMED, 1), "killed in the middle"
    worker(*command)
    assert until(lambda: Rendering.objects.filter(pk=row.pk, state=State.DONE).exists())
    row.refresh_from_db()
    files = list((tmp_path / "files" / "reports").glob("*/*"))
    assert (Rendering.objects.count(), [str(file) for file in files]) == (1, [row.file.path])
    assert row.attempts >= 2  # more only where a machine is so busy that a living worker outlives its lease
