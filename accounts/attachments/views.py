"""Doors to files, for colleagues and for contacts. What the gate hides is 404."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import AuthedRequest, PortalRequest, portal_required, staff_required
from accounts.attachments import queries, services
from accounts.attachments.forms import AttachmentForm
from accounts.attachments.models import Attachment
from accounts.attachments.templatetags.cs_attachments import files_context
from accounts.comments.queries import Thread, found_thread
from accounts.records.views.shared import attempt, say_with_undo
from cs_portal.kit.forms import status_of

PRIVATE = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",  # should a browser show it all the same
    "X-Content-Type-Options": "nosniff",
}


def _access(request: Any) -> Any:
    return getattr(request, "portal", None)


def _thread(request: Any, kind: str, public_id: UUID) -> Thread:
    thread = found_thread(kind, public_id, request.user, _access(request))
    if thread is None:
        raise Http404
    return thread


def _files(request: Any, thread: Thread) -> HttpResponse:
    """Read the list, or add to it."""
    if request.method == "POST" and not thread.may_write:
        raise PermissionDenied
    form = AttachmentForm(request.POST, request.FILES, thread=thread) if request.method == "POST" else None
    if form is not None and attempt(form, lambda: services.add_attachments(thread, by=request.user, **_given(form))):
        if not request.htmx:
            return _added(request, thread, len(form.cleaned_data["files"]))
        form = None
    page = "attachments/_files.html" if request.htmx else "attachments/files.html"
    base = {"base": "base.html" if thread.access is None else "portal.html"}
    return render(request, page, files_context(thread, form) | base, status=status_of(*filter(None, [form])))


def _given(form: AttachmentForm) -> dict[str, Any]:
    given = form.cleaned_data
    return {"files": given["files"], "key": given["key"], "shared": given.get("shared", False)}


def _added(request: Any, thread: Thread, number: int) -> HttpResponse:
    messages.success(request, ngettext("%(n)s file was added.", "%(n)s files were added.", number) % {"n": number})
    return redirect(thread.url + "#files")


def _attachment(request: Any, public_id: UUID, **which: Any) -> Attachment:
    access = _access(request)
    seen = queries.attachments_for(request.user) if access is None else queries.portal_attachments(access)
    return get_object_or_404(seen.filter(**which), public_id=public_id)


def _download(request: Any, public_id: UUID) -> HttpResponse:
    attachment = _attachment(request, public_id, archived_at=None)
    try:
        content = services.hand_out(attachment, by=request.user)
    except OSError:
        base = "base.html" if _access(request) is None else "portal.html"
        return render(request, "attachments/gone.html", {"attachment": attachment, "base": base}, status=404)
    return sent(attachment, content, attachment.file_type.media_type)


def sent(attachment: Attachment, content: Any, media_type: str) -> FileResponse:
    """To be saved, never to be shown as part of this site."""
    return FileResponse(
        content, as_attachment=True, filename=attachment.given_name, content_type=media_type, headers=PRIVATE
    )


def _archive(request: Any, public_id: UUID, undo: str) -> HttpResponse:
    attachment = _attachment(request, public_id)
    services.archive_attachment(attachment, by=request.user, access=_access(request))
    text = _("%(name)s is archived.") % {"name": attachment.name}
    say_with_undo(request, text, reverse(undo, args=[attachment.public_id]))
    return redirect(_thread(request, attachment.kind, attachment.record).url + "#files")


def _restore(request: Any, public_id: UUID) -> HttpResponse:
    attachment = _attachment(request, public_id)
    services.restore_attachment(attachment, by=request.user, access=_access(request))
    messages.success(request, _("%(name)s is back.") % {"name": attachment.name})
    return redirect(_thread(request, attachment.kind, attachment.record).url + "#files")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def files(request: AuthedRequest, kind: str, public_id: UUID) -> HttpResponse:
    return _files(request, _thread(request, kind, public_id))


@require_safe
@staff_required()
def download(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    return _download(request, public_id)


@require_POST
@staff_required()
def archive(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    return _archive(request, public_id, "attachments:restore")


@require_POST
@staff_required()
def restore(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    return _restore(request, public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@portal_required()
def portal_files(request: PortalRequest, kind: str, public_id: UUID) -> HttpResponse:
    return _files(request, _thread(request, kind, public_id))


@require_safe
@portal_required()
def portal_download(request: PortalRequest, public_id: UUID) -> HttpResponse:
    return _download(request, public_id)


@require_POST
@portal_required()
def portal_archive(request: PortalRequest, public_id: UUID) -> HttpResponse:
    return _archive(request, public_id, "attachments:portal_restore")


@require_POST
@portal_required()
def portal_restore(request: PortalRequest, public_id: UUID) -> HttpResponse:
    return _restore(request, public_id)
