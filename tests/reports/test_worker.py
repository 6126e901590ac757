"""The job survives its worker: claimed with a lease, swept, done once, parked when it cannot be done."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.jobs import services as jobs
from accounts.jobs.models import Job
from accounts.jobs.registry import reason_words
from reports import services
from reports.models import Rendering
from reports.services import renderings
from tests.factories.facts import make_goal, make_indicator, make_measurement
from tests.factories.workers import BEAT, WORKER, Workers, until

State = Job.State


@pytest.mark.django_db
def test_who_is_late_leaves_no_second_file(issued, media):
    """Its lease ran out, another worker was faster: its file and what a killed one left go, the row stays."""
    rendering = issued.renderings.get(stage="issued")
    late = jobs.claim(rendering.job_id)
    half = media / "reports" / str(rendering.public_id) / "half.pdf"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"%PDF half")
    Job.objects.filter(pk=late.job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.do(late.job.pk) is True
    renderings.store_file(late, rendering, b"late")
    assert len(list(media.glob("reports/*/*.pdf"))) == 1
    late.job.refresh_from_db()
    assert (late.job.state, late.job.attempts) == (State.DONE, 2)


@pytest.mark.django_db
def test_a_cancelled_one_leaves_no_file(issued, media):
    rendering = issued.renderings.get(stage="issued")
    run = jobs.claim(rendering.job_id)
    assert jobs.cancel_job(run.job, by=issued.created_by) is True
    renderings.make_file(run)
    rendering.refresh_from_db()
    assert (rendering.job.state, rendering.file.name, list(media.glob("reports/*/*"))) == (State.CANCELLED, "", [])


@pytest.mark.django_db
def test_one_that_fails_ends_after_three_tries_and_the_others_go_on(issued, monkeypatch):
    bad, good = (rendering.job for rendering in issued.renderings.order_by("pk"))
    real = renderings.report_pdf

    def fails_for_review(report, stage):
        if stage == "review":
            raise OSError("disk full")
        return real(report, stage)

    monkeypatch.setattr(renderings, "report_pdf", fails_for_review)
    for _try in range(4):
        Job.objects.filter(state=State.WAITING).update(due_at=timezone.now())
        jobs.sweep()
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.attempts, bad.last_error) == (State.FAILED, 3, "OSError: disk full")
    assert good.state == State.DONE


@pytest.mark.django_db
def test_a_job_of_content_that_was_taken_back_is_not_done(told):
    report = services.submit_for_review(told.draft(), by=told.csm)
    services.back_to_draft(report, by=told.csm)
    assert jobs.sweep() == 0
    job = report.renderings.get().job
    assert (job.state, reason_words(job)) == (State.FAILED, "The report was taken back to draft.")


@pytest.fixture
def workers(tmp_path, media):
    """Real workers over the filesystem transport, as ./cs starts them."""
    started = Workers(tmp_path, CS_RENDER_LEASE_SECONDS="10", CS_SWEEP_SECONDS="1", CS_BROKER_URL="filesystem://")
    yield started
    started.end()


@pytest.mark.bootstrap
@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_the_report_still_comes_once(told, workers, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    goal = make_goal(told.customer)
    for _number in range(60):
        many = make_indicator(goal, question="Long. " * 300)
        make_measurement(many, "2026-03-30", 120)
    report = services.submit_for_review(told.draft(), by=told.csm)
    row = report.renderings.get()
    first = workers.start(*WORKER)
    workers.start(*BEAT)
    assert until(lambda: Job.objects.filter(pk=row.job_id, state=State.RUNNING).exists())
    workers.kill(first)
    assert Job.objects.get(pk=row.job_id).state == State.RUNNING, "killed in the middle"
    workers.start(*WORKER)
    assert until(lambda: Job.objects.filter(pk=row.job_id, state=State.DONE).exists())
    row.refresh_from_db()
    files = list((tmp_path / "files" / "reports").glob("*/*"))
    assert (Rendering.objects.count(), [str(file) for file in files]) == (1, [row.file.path])
    assert row.job.attempts >= 2  # more only where a machine is so busy that a living worker outlives its lease
