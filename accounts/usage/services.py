"""Writes on usage: roll-ups made anew."""

from collections.abc import Sequence

from django.db import connection, transaction

from accounts.jobs.models import Job
from accounts.jobs.runs import Run
from accounts.jobs.services import start_job
from accounts.models import EndUser, User
from accounts.usage.rollups import BY_HAND

KIND = "usage_rollups"
USERS_AT_ONCE = 500


@transaction.atomic
def roll_up(end_users: Sequence[int]) -> None:
    """Make all roll-ups of these users (primary keys) anew from their events and daily rows.

    For whoever changes such rows without the loader, and after a change of time zone or session gap.
    """
    with connection.cursor() as cursor:
        for statement in BY_HAND:
            cursor.execute(statement, {"end_users": list(end_users)} if "%(" in statement else None)


def start_rolling_up(*, by: User | None) -> Job:
    """All roll-ups as a job, some hundred users at a time; the figures say the old until each is done."""
    return start_job(KIND, by=by, total=EndUser.everything.count())


def roll_everything_up(run: Run) -> None:
    """The job's work. Starting again does no harm."""
    users = list(EndUser.everything.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(users), USERS_AT_ONCE):
        run.progress(start, len(users))
        roll_up(users[start : start + USERS_AT_ONCE])
    run.finish(users=len(users))
