"""Files made of frozen reports: the row is the job, claimed with a lease, done once, parked after three tries."""

import hashlib
import secrets
from datetime import timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from cs_portal.kit.jobs import wake_on_commit
from reports.models import Rendering, ValueReport
from reports.pdf import report_pdf

ATTEMPTS = 3
State = Rendering.State
log = structlog.get_logger()


def ask_for(report: ValueReport, stage: str) -> Rendering:
    """The row of a file to be made, in the caller's transaction; a worker is woken on commit. Twice is one row."""
    rendering, created = Rendering.objects.get_or_create(
        report=report, stage=stage, format="pdf", content_hash=report.content_hash, defaults={"due_at": timezone.now()}
    )
    if created:
        wake_on_commit("reports.tasks.render", rendering.pk)
    return rendering


@transaction.atomic
def retry(rendering: Rendering) -> None:
    """Try a parked one again from the start."""
    again = Rendering.objects.filter(pk=rendering.pk, state=State.PARKED)
    if again.update(state=State.WAITING, attempts=0, due_at=timezone.now(), last_error=""):
        wake_on_commit("reports.tasks.render", rendering.pk)


def open_renderings() -> QuerySet[Rendering]:
    """What waits and is due, and what was claimed by somebody who has not come back."""
    now = timezone.now()
    return Rendering.objects.filter(
        Q(state=State.WAITING, due_at__lte=now) | Q(state=State.CLAIMED, lease_until__lt=now)
    )


def claim(rendering_id: int) -> Rendering | None:
    """Take it if it is due and nobody else holds it: one conditional UPDATE. Who was killed three times is parked."""
    lease = timezone.now() + timedelta(seconds=settings.RENDER_LEASE_SECONDS)
    mine = open_renderings().filter(pk=rendering_id)
    mine.filter(attempts__gte=ATTEMPTS).update(
        state=State.PARKED, lease_until=None, last_error="The worker ended during each of three tries."
    )
    taken = mine.update(state=State.CLAIMED, lease_until=lease, attempts=F("attempts") + 1)
    return Rendering.objects.select_related("report__customer").get(pk=rendering_id) if taken else None


def render(rendering_id: int) -> bool:
    """Make and store the file if it is still to be made; True when this call did it."""
    rendering = claim(rendering_id)
    if rendering is None:
        return False
    if rendering.report.content_hash != rendering.content_hash:
        _park(rendering, "The report was taken back to draft.")
        return False
    try:
        _store(rendering, report_pdf(rendering.report, rendering.stage))
    except Exception as error:  # whatever is wrong with one report: the others go on, and the page says so
        _put_back(rendering, error)
        return False
    return True


def _store(rendering: Rendering, pdf: bytes) -> None:
    """The file first, under a name nobody else uses, then the row: whoever comes late leaves neither.

    What a killed worker left in the rendering's folder goes with the next one's success.
    """
    storage = Rendering._meta.get_field("file").storage
    folder = f"reports/{rendering.public_id}"
    name = storage.save(f"{folder}/{secrets.token_hex(4)}.pdf", ContentFile(pdf))
    still_mine = Rendering.objects.filter(pk=rendering.pk, state=State.CLAIMED, attempts=rendering.attempts)
    done = still_mine.update(
        state=State.DONE,
        file=name,
        file_hash=hashlib.sha256(pdf).hexdigest(),
        done_at=timezone.now(),
        lease_until=None,
        last_error="",
    )
    _folders, files = storage.listdir(folder) if done else ([], [Path(name).name])
    for file in files:
        if not done or file != Path(name).name:
            storage.delete(f"{folder}/{file}")


def _park(rendering: Rendering, reason: str) -> None:
    Rendering.objects.filter(pk=rendering.pk).update(state=State.PARKED, lease_until=None, last_error=reason)


def _put_back(rendering: Rendering, error: Exception) -> None:
    log.warning("report not rendered", rendering=rendering.pk, attempt=rendering.attempts, error=repr(error))
    parked = rendering.attempts >= ATTEMPTS
    Rendering.objects.filter(pk=rendering.pk, state=State.CLAIMED, attempts=rendering.attempts).update(
        state=State.PARKED if parked else State.WAITING,
        lease_until=None,
        due_at=timezone.now() + timedelta(seconds=5 * rendering.attempts),
        last_error=f"{type(error).__name__}: {error}"[:500],
    )


def sweep(limit: int = 200) -> int:
    """Everything that is due and was not made, for whatever reason; returns how many files were made."""
    due = open_renderings().order_by("due_at").values_list("pk", flat=True)[:limit]
    return sum(render(pk) for pk in list(due))
