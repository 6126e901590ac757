"""Starting, doing, cancelling and repeating jobs. Every room uses these; none has a queue of its own."""

from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from accounts.audit.services import record
from accounts.jobs.models import Heartbeat, Job
from accounts.jobs.registry import KINDS, Refused
from accounts.jobs.runs import Lost, Run
from accounts.models import User
from cs_portal.kit import leases
from cs_portal.kit.jobs import wake_on_commit

State = Job.State
WAIT = timedelta(seconds=5)  # times the number of the try
UNKNOWN_WAIT = timedelta(minutes=1)
log = structlog.get_logger()


def start_job(kind: str, *, by: User | None, total: int = 0, **details: Any) -> Job:
    """Write the job's row in the caller's transaction and wake a worker on commit. ``details`` are plain values."""
    job = Job.objects.create(kind=kind, started_by=by, total=total, details=details, due_at=timezone.now())
    _wake(job)
    return job


def _wake(job: Job) -> None:
    wake_on_commit("accounts.jobs.tasks.do", job.pk)


def claim(job_id: int) -> Run | None:
    """Take the job if it is due and nobody holds it. One whose worker died in each of its tries has failed."""
    job = leases.open_rows(Job.objects.filter(pk=job_id)).first()
    kind = KINDS.get(job.kind) if job else None
    if job is None or kind is None:
        _leave_for_newer_code(job_id)
        return None
    if job.attempts >= kind.attempts:
        leases.open_rows(Job.objects.filter(pk=job_id)).update(
            state=State.FAILED, reason="killed", lease_until=None, finished_at=timezone.now()
        )
        return None
    if not leases.take(Job.objects.all(), job_id, kind.lease, started_at=timezone.now(), done=0):
        return None
    return Run(Job.objects.get(pk=job_id), kind.lease)


def _leave_for_newer_code(job_id: int) -> None:
    """A kind that this worker does not know waits for one that does."""
    waiting = leases.open_rows(Job.objects.filter(pk=job_id, state=State.WAITING))
    waiting.update(due_at=timezone.now() + UNKNOWN_WAIT)


def do(job_id: int) -> bool:
    """Do the job if it is still to be done; True when this call did it."""
    run = claim(job_id)
    if run is None:
        return False
    try:
        KINDS[run.job.kind].work(run)
        return run.is_finished or run.finish()
    except Lost:
        return False
    except Refused as refused:
        _fail(run.job, refused.reason, outcome=refused.outcome)
    except Exception as error:  # whatever is wrong with one job: the others go on, and its page says so
        _put_back_or_fail(run, error)
    return False


def _put_back_or_fail(run: Run, error: Exception) -> None:
    job, text = run.job, f"{type(error).__name__}: {error}"[:500]
    log.warning("job not done", kind=job.kind, job=job.pk, attempt=job.attempts, error=repr(error))
    if job.attempts >= KINDS[job.kind].attempts:
        _fail(job, "error", last_error=text)
    else:
        leases.put_back(job, WAIT * job.attempts, text)


def _fail(job: Job, reason: str, **marks: Any) -> None:
    leases.end(job, State.FAILED, reason=reason, finished_at=timezone.now(), **marks)


@transaction.atomic
def cancel_job(job: Job, *, by: User) -> bool:
    """End a job that waits or runs, when its kind allows it. What a worker does of it from now on does not count."""
    kind = KINDS.get(job.kind)
    if kind is None or not kind.cancellable:
        return False
    ended = Job.objects.filter(pk=job.pk, state__in=Job.OPEN).update(
        state=State.CANCELLED, lease_until=None, finished_at=timezone.now()
    )
    if ended:
        record("job.cancelled", by=by, target=job, kind=job.kind)
    return bool(ended)


@transaction.atomic
def retry_job(job: Job, *, by: User) -> bool:
    """Try one that failed or was cancelled again from the start."""
    again = leases.start_again(Job.objects.filter(pk=job.pk), *Job.FRUITLESS, reason="", outcome={}, finished_at=None)
    if again:
        record("job.retried", by=by, target=job, kind=job.kind)
        _wake(job)
    return again


def sweep(limit: int = 200) -> int:
    """Everything that is due and was not done, for whatever reason; returns how many were done."""
    return leases.sweep(Job.objects.all(), do, limit)


def beat(name: str) -> None:
    """Note that a part of the machinery is alive."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})
