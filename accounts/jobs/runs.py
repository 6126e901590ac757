"""One try at a job."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.jobs.models import Job
from cs_portal.kit import leases


class Lost(Exception):
    """The job was cancelled or taken by another worker: whatever we did of it does not count."""


class Run:
    """One try at a job, for the function that does it."""

    def __init__(self, job: Job, lease: timedelta) -> None:
        self.job, self.lease = job, lease
        self.is_finished = False

    def progress(self, done: int, total: int | None = None) -> None:
        """Tell how far it is, which also renews the lease. Raises Lost when nobody waits for it any more."""
        until = timezone.now() + self.lease
        told = {"done": done, "lease_until": until} | ({} if total is None else {"total": total})
        if not leases.still_ours(self.job).update(**told):
            raise Lost

    @transaction.atomic
    def finish(self, store: Callable[[], object] = lambda: None, **outcome: Any) -> bool:
        """Mark it done and store its result, both or neither; False when it is no longer ours."""
        self.is_finished = leases.end(
            self.job, Job.State.DONE, finished_at=timezone.now(), reason="", last_error="", outcome=outcome
        )
        if self.is_finished:
            store()
        return self.is_finished
