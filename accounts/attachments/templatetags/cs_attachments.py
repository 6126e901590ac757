"""The files of a record on its page: {% attachments goal %}."""

from typing import Any

from django import template
from django.db.models import Model

from accounts.attachments.forms import AttachmentForm
from accounts.attachments.queries import attachments_in, may_archive
from accounts.comments.queries import Thread, thread_of

register = template.Library()


@register.inclusion_tag("attachments/_files.html", takes_context=True)
def attachments(context: Any, record: Model) -> dict[str, Any]:
    request = context["request"]
    return files_context(thread_of(record, request.user, getattr(request, "portal", None)))


def files_context(thread: Thread, form: AttachmentForm | None = None) -> dict[str, Any]:
    """What attachments/_files.html shows. Archived ones see who may bring them back."""
    if form is None and thread.may_write and thread.customer.archived_at is None:
        form = AttachmentForm(thread=thread)
    files = list(attachments_in(thread))
    kept = {file.pk for file in _kept(thread, files)}
    return {
        "thread": thread, "files": [file for file in files if file.archived_at is None], "kept": kept,
        "archived": [file for file in files if file.archived_at and file.pk in kept],
        "file_form": form, "portal": thread.access is not None,
    }  # fmt: skip


def _kept(thread: Thread, files: list[Any]) -> list[Any]:
    """Those that the reader may archive; one query at most, since they are all of one customer."""
    if not files:
        return []
    own = [file for file in files if file.author_id == thread.reader.pk]
    others = [file for file in files if file.author_id != thread.reader.pk]
    return [
        file for rows in (own, others) if rows and may_archive(rows[0], thread.reader, thread.access) for file in rows
    ]
