"""The base of every task, and a beat of which only one ticks."""

from typing import Any

from celery import current_app
from celery.beat import PersistentScheduler
from celery.contrib.django.task import DjangoTask
from django.db import DatabaseError, connection, transaction

from cs_portal.kit.tracing import within

BEAT_LOCK = 0x6373_6265_6174  # "csbeat"
LOOK_AGAIN = 5.0  # seconds after which a beat that waits asks for the lock again


class Task(DjangoTask):
    """The row is the truth and the sweep finds it: a broker that is away must not fail the request."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What a worker logs and records carries the task's id, as a page's carries the request's."""
        with within(self.request.id or ""):
            return super().__call__(*args, **kwargs)

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:
        def wake() -> None:
            self.delay(*args, **kwargs)

        transaction.on_commit(wake, robust=True)


class OneBeat(PersistentScheduler):
    """Ticks only while it holds an advisory lock, which the database drops with the connection."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        try:
            if not self._holds_lock():
                return LOOK_AGAIN
            self.alive()
        except DatabaseError:
            connection.close()
            return LOOK_AGAIN
        return min(super().tick(*args, **kwargs), LOOK_AGAIN)

    def alive(self) -> None:
        """Called while it is the one that ticks, for a sign of life."""

    def _holds_lock(self) -> bool:
        """Ask on the connection that holds it, so that a lost connection is a lost lock."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
                " AND pid = pg_backend_pid() AND (classid::bigint << 32) | objid::bigint = %s)"
                " OR pg_try_advisory_lock(%s)",
                [BEAT_LOCK, BEAT_LOCK],
            )
            return bool(cursor.fetchone()[0])


def wake_on_commit(task: str, *args: Any) -> None:
    """Wake a worker by the task's name once the row it shall work on is there; a broker that is away is no error."""

    def wake() -> None:  # a function: Django asks a callback that fails for its name
        current_app.send_task(task, args)

    transaction.on_commit(wake, robust=True)
