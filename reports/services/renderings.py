"""Files made of frozen reports, each by a job."""

import hashlib
import secrets
from pathlib import Path

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.jobs.registry import Refused
from accounts.jobs.runs import Run
from accounts.jobs.services import start_job
from accounts.models import User
from reports.models import Rendering, ValueReport
from reports.pdf import report_pdf

KIND = "report_file"


def ask_for(report: ValueReport, stage: str, *, by: User) -> Rendering:
    """The row of a file to be made and its job, while the caller holds the report's lock. Asked twice is one file."""
    wanted = {"report": report, "stage": stage, "format": "pdf", "content_hash": report.content_hash}
    if asked := Rendering.objects.filter(**wanted).first():
        return asked
    return Rendering.objects.create(**wanted, job=start_job(KIND, by=by, report=report.pk, stage=stage))


def make_file(run: Run) -> None:
    """Make and store the file. Refused when the report was taken back to draft meanwhile."""
    rendering = Rendering.objects.select_related("report__customer").get(job=run.job)
    if rendering.report.content_hash != rendering.content_hash:
        raise Refused("taken_back")
    store_file(run, rendering, report_pdf(rendering.report, rendering.stage))


def store_file(run: Run, rendering: Rendering, pdf: bytes) -> None:
    """The file first, under a name nobody else uses, then the row: whoever comes late leaves neither.

    What a killed worker left in the rendering's folder goes with the next one's success.
    """
    storage = Rendering._meta.get_field("file").storage
    folder = f"reports/{rendering.public_id}"
    name = storage.save(f"{folder}/{secrets.token_hex(4)}.pdf", ContentFile(pdf))
    row = Rendering.objects.filter(pk=rendering.pk)
    made = {"file": name, "file_hash": hashlib.sha256(pdf).hexdigest(), "done_at": timezone.now()}
    done = run.finish(lambda: row.update(**made))
    _folders, files = storage.listdir(folder) if done else ([], [Path(name).name])
    for file in files:
        if not done or file != Path(name).name:
            storage.delete(f"{folder}/{file}")
