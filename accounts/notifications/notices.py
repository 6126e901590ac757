"""The news about jobs."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.jobs.models import Job
from accounts.jobs.queries import describe, jobs_for
from accounts.jobs.registry import reason_words
from accounts.models import User
from accounts.notifications.models import Notification
from accounts.notifications.registry import COLLEAGUES, Kind, Shown, register


def shown(rows: Sequence[Notification], reader: User) -> dict[int, Shown]:
    jobs = jobs_for(reader).filter(pk__in=[row.target for row in rows]).in_bulk()
    titles = describe(jobs.values(), reader)
    found = {row.pk: jobs[row.target] for row in rows if row.target in jobs}
    return {
        pk: Shown(_words(job, str(titles[job.pk].title)), str(titles[job.pk].url) or reverse("system:jobs"))
        for pk, job in found.items()
    }


def _words(job: Job, title: str) -> str:
    if job.state == Job.State.FAILED:
        return _("%(job)s has failed. %(reason)s") % {"job": title, "reason": reason_words(job)}
    if job.state == Job.State.DONE:
        return _("%(job)s is done.") % {"job": title}
    return _("%(job)s was started again.") % {"job": title}


register(Kind("job", gettext_lazy("A job that I started has ended"), shown, roles=COLLEAGUES))
