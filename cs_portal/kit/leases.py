"""Rows that are work: due at a time, taken with a lease, found by a sweep when their worker did not come back.

The one mechanism of promises.md, section 1: a worker takes a row by one conditional UPDATE, and whatever it writes
at the end counts only while the row is still its own.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone

WAITING = "waiting"


class Leased(models.Model):
    """Its model has a field ``state`` with the states ``waiting`` and ``TAKEN``, and those it ends in."""

    TAKEN: ClassVar[str]

    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True, default="")

    class Meta:
        abstract = True


L = TypeVar("L", bound=Leased)


def open_rows(rows: "QuerySet[L]") -> "QuerySet[L]":
    """What waits and is due, and what was taken by somebody who has not come back."""
    now = timezone.now()
    return rows.filter(Q(state=WAITING, due_at__lte=now) | Q(state=rows.model.TAKEN, lease_until__lt=now))


def take(rows: "QuerySet[L]", pk: int, lease: timedelta, **marks: Any) -> bool:
    """Make the row ours if it is due and nobody holds it: one conditional UPDATE."""
    return bool(
        open_rows(rows)
        .filter(pk=pk)
        .update(state=rows.model.TAKEN, lease_until=timezone.now() + lease, attempts=F("attempts") + 1, **marks)
    )


def still_ours(row: L) -> "QuerySet[L]":
    """The row, unless somebody else has taken or ended it since; to be updated in one statement."""
    rows: QuerySet[L] = type(row)._default_manager.all()  # type: ignore[assignment]
    return rows.filter(pk=row.pk, state=row.TAKEN, attempts=row.attempts)


def put_back(row: L, wait: timedelta, error: str, **marks: Any) -> bool:
    """Let it be tried again after a while."""
    due = timezone.now() + wait
    return bool(still_ours(row).update(state=WAITING, lease_until=None, due_at=due, last_error=error[:500], **marks))


def end(row: L, state: str, **marks: Any) -> bool:
    """Give the row its last state; False when it is no longer ours to end."""
    return bool(still_ours(row).update(state=state, lease_until=None, **marks))


def start_again(rows: "QuerySet[L]", *ended: str, **marks: Any) -> bool:
    """Somebody asks for one more round of tries of what had ended in one of the states."""
    fresh = {"state": WAITING, "attempts": 0, "due_at": timezone.now(), "lease_until": None, "last_error": ""}
    return bool(rows.filter(state__in=ended).update(**fresh | marks))


def sweep(rows: "QuerySet[L]", do: Callable[[int], bool], limit: int) -> int:
    """Do everything that is due, the longest waiting first; returns how often it was done."""
    due = open_rows(rows).order_by("due_at").values_list("pk", flat=True)[:limit]
    return sum(do(pk) for pk in list(due))
