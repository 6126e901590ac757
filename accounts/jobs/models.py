"""Work that takes longer than a page: the row is the job, and what people see of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cs_portal.kit.leases import Leased
from cs_portal.kit.records import Public, Timed, optional_text


class Job(Public, Timed, Leased):
    """``details`` holds ids and plain values; ``reason`` is a code that its kind puts into words."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    TAKEN = State.RUNNING
    OPEN: ClassVar[tuple[str, ...]] = (State.WAITING, State.RUNNING)
    FRUITLESS: ClassVar[tuple[str, ...]] = (State.FAILED, State.CANCELLED)

    kind = models.CharField(max_length=40)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    details = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0, help_text="0: nobody knows")
    reason = optional_text(40)
    outcome = models.JSONField(default=dict)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(state__in=["waiting", "running"]), name="job_open"),
            models.Index(fields=["started_by", "-id"], name="job_by_starter"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def percent(self) -> int | None:
        return None if not self.total else min(100, 100 * self.done // self.total)


class Heartbeat(models.Model):
    """When a part of the machinery was last alive: the beat, and a worker that did what the beat sent."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
