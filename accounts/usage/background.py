"""The job that makes the roll-ups of usage anew."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.jobs.models import Job
from accounts.jobs.registry import Kind, Shown, register
from accounts.models import User
from accounts.usage.services import KIND, roll_everything_up


def shown(jobs: Sequence[Job], reader: User) -> dict[int, Shown]:
    return {job.pk: Shown(_("Usage rolled up anew"), outcome=_outcome(job.outcome)) for job in jobs}


def _outcome(outcome: dict[str, object]) -> str:
    users = outcome.get("users")
    if not isinstance(users, int):
        return ""
    return ngettext("%(users)s end user.", "%(users)s end users.", users) % {"users": users}


register(Kind(KIND, gettext_lazy("Usage rolled up anew"), roll_everything_up, cancellable=False, show=shown))
