"""What a room says about its jobs: how one is done, what it is called, and where its result is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.jobs.models import Job
from accounts.jobs.runs import Run
from accounts.models import User

Text = str | Promise


class Refused(Exception):
    """The job cannot be done and trying again does not help; ``reason`` is one of its kind's codes."""

    def __init__(self, reason: str, **outcome: object) -> None:
        super().__init__(reason)
        self.reason, self.outcome = reason, outcome


@dataclass(frozen=True)
class Shown:
    """What one job is about, for one reader; ``url`` leads to its result, empty when the reader may not see it."""

    title: Text
    url: str = ""
    outcome: Text = ""


def _plain(jobs: Sequence[Job], reader: User) -> dict[int, Shown]:
    return {}


@dataclass(frozen=True)
class Kind:
    """``show`` describes several jobs of the kind at once, for a constant number of queries."""

    name: str
    title: Text
    work: Callable[[Run], None]
    lease: timedelta = timedelta(minutes=2)
    attempts: int = 3
    cancellable: bool = True
    reasons: Mapping[str, Text] = field(default_factory=dict)
    show: Callable[[Sequence[Job], User], dict[int, Shown]] = _plain


KINDS: dict[str, Kind] = {}
REASONS: Mapping[str, Text] = {
    "error": _("An error stopped each of its tries. An administrator finds it in the log of the worker."),
    "killed": _("The worker ended during each of its tries."),
}


def register(kind: Kind) -> Kind:
    KINDS[kind.name] = kind
    return kind


def reason_words(job: Job) -> Text:
    """Why it failed, in plain words; empty when it did not."""
    kind = KINDS.get(job.kind)
    return (kind.reasons if kind else {}).get(job.reason) or REASONS.get(job.reason, "")
