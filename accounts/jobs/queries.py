"""Reads on jobs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.utils import timezone

from accounts.jobs.models import Heartbeat, Job
from accounts.jobs.registry import KINDS, Shown, Text, reason_words
from accounts.models import Role, User


@dataclass(frozen=True)
class JobRow:
    job: Job
    shown: Shown
    reason: Text
    cancellable: bool


def jobs_for(user: User) -> QuerySet[Job]:
    """All for an administrator; a colleague's own; none for a contact."""
    if not user.is_active or not user.is_colleague:
        return Job.objects.none()
    return Job.objects.all() if user.role == Role.ADMIN else Job.objects.filter(started_by=user)


def recent_jobs(user: User) -> QuerySet[Job]:
    """What runs and waits, then what has ended, newest first; one query."""
    first = Case(When(state__in=Job.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    return jobs_for(user).select_related("started_by").annotate(ended=first).order_by("ended", "-pk")


def job_rows(jobs: Sequence[Job], reader: User) -> list[JobRow]:
    """The same jobs in words; the queries of each kind among them."""
    shown = describe(jobs, reader)
    return [
        JobRow(job, shown[job.pk], reason_words(job), job.is_open and job.kind in KINDS and KINDS[job.kind].cancellable)
        for job in jobs
    ]


def describe(jobs: Iterable[Job], reader: User) -> dict[int, Shown]:
    """What each is about, in the reader's language and as far as the reader may see it."""
    found: dict[int, Shown] = {}
    for name, several in groupby(sorted(jobs, key=lambda job: job.kind), key=lambda job: job.kind):
        found |= _described(name, list(several), reader)
    return found


def _described(name: str, jobs: Sequence[Job], reader: User) -> dict[int, Shown]:
    kind = KINDS.get(name)
    plain = {job.pk: Shown(kind.title if kind else name) for job in jobs}
    return plain | (kind.show(jobs, reader) if kind else {})


def last_beat(name: str) -> datetime | None:
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()


def age_of(at: datetime | None) -> timedelta | None:
    return None if at is None else timezone.now() - at


def jobs_by_state() -> dict[str, int]:
    counted = dict(Job.objects.order_by().values_list("state").annotate(n=Count("pk")))
    return {state: counted.get(state, 0) for state in Job.State.values}
