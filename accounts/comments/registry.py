"""What can be talked about, told by each room in its ``discussed.py``: which records exist for whom."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from accounts.access import Viewer
from accounts.models import Customer, PortalAccess


@dataclass(frozen=True)
class Subject:
    """``seen_by`` is the gate's answer for colleagues, ``shown_to`` that for contacts; without it all stays inside."""

    kind: str
    label: str | Promise
    model: type[Model]
    seen_by: Callable[[Viewer], QuerySet[Any]]
    customer: Callable[[Any], Customer]
    url: Callable[[Any], str]
    title: Callable[[Any], str] = str
    shown_to: Callable[[PortalAccess], QuerySet[Any]] | None = None
    portal_url: Callable[[Any], str] | None = None


SUBJECTS: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    SUBJECTS[subject.kind] = subject


def subject_of(record: Model) -> Subject:
    return next(subject for subject in SUBJECTS.values() if isinstance(record, subject.model))
