"""A job is a row: done once, whoever is killed, told of, cancelled, tried again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.audit.models import AuditEntry
from accounts.jobs import services as jobs
from accounts.jobs.models import Job
from accounts.jobs.queries import job_rows, jobs_for, recent_jobs
from accounts.jobs.registry import KINDS, Kind, Refused, Shown, reason_words
from tests.factories.accounts import make_portal_access, make_user

pytestmark = pytest.mark.django_db
State = Job.State


@pytest.fixture
def kind(monkeypatch):
    """Registers a kind of job for the test; returns what its work was called with."""

    def make(work, **more):
        done = []

        def remembered(run):
            done.append(run.job.pk)
            work(run)

        monkeypatch.setitem(KINDS, "test", Kind("test", "A test", remembered, **more))
        return done

    return make


def start(by=None, **more):
    return jobs.start_job("test", by=by, **more)


def fresh(job):
    return Job.objects.get(pk=job.pk)


def expire(job):
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_job_is_done_once(kind):
    done = kind(lambda run: None)
    job = start()
    assert (jobs.do(job.pk), jobs.do(job.pk), jobs.sweep(), done) == (True, False, 0, [job.pk])
    assert (fresh(job).state, fresh(job).attempts) == (State.DONE, 1)


def test_the_sweep_finds_what_lost_its_worker(kind):
    done = kind(lambda run: None)
    job = start()
    assert jobs.claim(job.pk) is not None
    assert jobs.sweep() == 0, "somebody works on it"
    expire(job)
    assert (jobs.sweep(), done, fresh(job).attempts) == (1, [job.pk], 2)


def test_one_that_kills_its_worker_three_times_has_failed(kind):
    kind(lambda run: None)
    job = start()
    for _killed in range(3):
        assert jobs.claim(job.pk) is not None
        expire(job)
    assert jobs.sweep() == 0
    assert (fresh(job).state, reason_words(fresh(job))) == (
        State.FAILED,
        "The worker ended during each of its tries.",
    )


def test_a_failure_is_tried_again_later_and_ends_at_last_with_a_reason(kind):
    kind(lambda run: 1 / 0)
    job = start()
    assert [jobs.do(job.pk), fresh(job).state, jobs.do(job.pk)] == [False, State.WAITING, False]
    for _try in range(2):
        Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
        jobs.sweep()
    found = fresh(job)
    assert (found.state, found.attempts, found.last_error) == (
        State.FAILED,
        3,
        "ZeroDivisionError: division by zero",
    )
    assert "An error stopped" in str(reason_words(found))


def test_what_cannot_be_done_is_not_tried_again(kind):
    def refuses(run):
        raise Refused("too_big", rows=7)

    kind(refuses, reasons={"too_big": "It is too big."})
    job = start()
    jobs.do(job.pk)
    found = fresh(job)
    assert (found.state, found.attempts, found.outcome, reason_words(found)) == (
        State.FAILED,
        1,
        {"rows": 7},
        "It is too big.",
    )


def test_progress_is_seen_and_renews_the_lease(kind):
    seen = []

    def works(run):
        expire(run.job)
        run.progress(3, 12)
        found = fresh(run.job)
        seen.append((found.done, found.total, found.percent, found.lease_until > timezone.now()))

    kind(works)
    job = start()
    assert (jobs.do(job.pk), seen) == (True, [(3, 12, 25, True)])


def test_a_cancelled_job_stops_at_its_next_step_and_leaves_nothing(kind):
    by, stored = make_user(), []

    def works(run):
        jobs.cancel_job(run.job, by=by)
        run.finish(lambda: stored.append("result"))
        run.progress(1)
        stored.append("went on")

    kind(works)
    job = start(by)
    assert (jobs.do(job.pk), fresh(job).state, stored) == (False, State.CANCELLED, [])
    assert AuditEntry.objects.filter(verb="job.cancelled", actor=by, target_id=str(job.pk)).count() == 1


def test_a_waiting_job_is_cancelled_and_can_be_started_again(kind):
    by = make_user()
    done = kind(lambda run: None)
    job = start(by)
    assert (jobs.retry_job(job, by=by), jobs.cancel_job(job, by=by), jobs.cancel_job(job, by=by)) == (
        False,
        True,
        False,
    )
    assert (jobs.sweep(), done) == (0, [])
    assert (jobs.retry_job(job, by=by), jobs.sweep(), done) == (True, 1, [job.pk])


def test_what_must_not_be_cancelled_is_not(kind):
    kind(lambda run: None, cancellable=False)
    job = start()
    assert (jobs.cancel_job(job, by=make_user()), fresh(job).state) == (False, State.WAITING)


def test_the_result_and_the_mark_are_stored_together_or_not_at_all(kind):
    def works(run):
        run.finish(lambda: 1 / 0)

    kind(works)
    job = start()
    jobs.do(job.pk)
    assert fresh(job).state == State.WAITING


def test_a_worker_that_does_not_know_the_kind_leaves_it_for_one_that_does(kind):
    job = start()
    assert (jobs.do(job.pk), fresh(job).state, fresh(job).attempts) == (False, State.WAITING, 0)
    done = kind(lambda run: None)
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
    assert (jobs.sweep(), done) == (1, [job.pk])


def test_everybody_sees_their_own_and_an_administrator_all(kind):
    kind(lambda run: None)
    csm, other, admin, contact = make_user("csm"), make_user("csm"), make_user("admin"), make_portal_access().user
    mine, theirs, by_contact = start(csm), start(other), start(contact)
    assert {who.role: set(jobs_for(who)) for who in (csm, admin, contact)} == {
        "csm": {mine},
        "admin": {mine, theirs, by_contact},
        "contact": set(),
    }


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_asks_as_often_for_thirty_as_for_one(kind, count, django_assert_num_queries):
    kind(lambda run: None, show=lambda several, reader: {job.pk: Shown(f"No. {job.pk}") for job in several})
    made = [start(make_user()) for _number in range(count)]
    admin = make_user("admin")
    with django_assert_num_queries(1):
        rows = job_rows(list(recent_jobs(admin)), admin)
    assert [row.shown.title for row in rows] == [f"No. {job.pk}" for job in reversed(made)]


def test_what_is_open_stands_first(kind):
    kind(lambda run: None)
    older, newer = start(), start()
    jobs.do(newer.pk)
    assert list(recent_jobs(make_user("admin"))) == [older, newer]
