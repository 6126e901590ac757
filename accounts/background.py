"""The job that checks the audit's chain."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.audit.chain import check_chain
from accounts.audit.queries import audit_size
from accounts.jobs.models import Job
from accounts.jobs.registry import Kind, Refused, Shown, register
from accounts.jobs.runs import Run
from accounts.models import User

AUDIT_CHECK = "audit_check"


def check_audit(run: Run) -> None:
    run.progress(0, audit_size())
    found = check_chain(run.progress)
    if found.broken is not None:
        raise Refused("chain_broken", entry=found.broken)
    run.progress(found.entries, found.entries)
    run.finish(entries=found.entries, last_hash=found.last_hash)


def shown(jobs: Sequence[Job], reader: User) -> dict[int, Shown]:
    return {job.pk: Shown(_("Check of the audit"), outcome=_outcome(job.outcome)) for job in jobs}


def _outcome(outcome: dict[str, object]) -> str:
    if "entry" in outcome:
        return _("The first one that does not hold is entry %(entry)s.") % outcome
    entries = outcome.get("entries")
    if not isinstance(entries, int):
        return ""
    return ngettext("%(entries)s entry holds.", "%(entries)s entries hold.", entries) % {"entries": entries}


register(
    Kind(
        AUDIT_CHECK,
        gettext_lazy("Check of the audit"),
        check_audit,
        reasons={"chain_broken": gettext_lazy("An entry was changed, or the one before it is missing.")},
        show=shown,
    )
)
