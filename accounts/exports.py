"""The one way a list leaves as a file: whoever takes it is in the audit."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.http import HttpResponse

from accounts.audit.services import record
from accounts.models import User, Workspace
from cs_portal.kit.exports import csv_response, xlsx_response


@transaction.atomic
def export_csv(name: str, header: Sequence[str], rows: Iterable[Sequence[object]], *, by: User) -> HttpResponse:
    """The file and its audit row, which says which list and how long, never what stood in it."""
    lines = list(rows)
    response = csv_response(name, header, lines)
    record("export.made", by=by, target=Workspace(singleton=True), file=name, rows=len(lines))
    return response


@transaction.atomic
def export_xlsx(
    name: str, title: str, header: Sequence[str], rows: Iterable[Sequence[object]], *, by: User
) -> HttpResponse:
    """The same as a workbook; ``title`` names its sheet."""
    lines = list(rows)
    response = xlsx_response(name, title, header, lines)
    record("export.made", by=by, target=Workspace(singleton=True), file=name, rows=len(lines), format="xlsx")
    return response
