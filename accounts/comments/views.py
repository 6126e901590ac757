"""Doors to comments, for colleagues and for contacts. What the gate hides is 404."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import AuthedRequest, PortalRequest, portal_required, staff_required
from accounts.comments import queries, services
from accounts.comments.forms import CommentForm
from accounts.comments.mentions import typed_mentions
from accounts.comments.models import Comment
from accounts.comments.queries import Thread
from accounts.comments.templatetags.cs_comments import thread_context
from cs_portal.kit.forms import status_of


def _thread(request: Any, kind: str, public_id: UUID) -> Thread:
    thread = queries.found_thread(kind, public_id, request.user, getattr(request, "portal", None))
    if thread is None:
        raise Http404
    return thread


def _talk(request: Any, thread: Thread, comment: Comment | None = None) -> HttpResponse:
    """Read, or say something; with ``comment`` change what was said."""
    if request.method == "POST" and not thread.may_write:
        raise PermissionDenied
    hints: list[str] = []
    form = CommentForm(request.POST or None, thread=thread, comment=comment) if thread.may_write else None
    if form is not None and _accepted(form, lambda: _store(thread, comment, form.cleaned_data)):
        hints = _hints(thread, form.cleaned_data["text"])
        if not request.htmx:
            return _said(request, thread, hints)
        form, comment = None, None
    page = "comments/_thread.html" if request.htmx else "comments/thread.html"
    context = thread_context(thread, form) | {"editing": comment, "base": _base(thread), "hints": hints}
    return render(request, page, context, status=status_of(form) if form is not None else 200)


def _hints(thread: Thread, text: str) -> list[str]:
    """Of those named with an @ whom nobody is told for; a contact mentions nobody."""
    if thread.access is not None:
        return []
    return typed_mentions(text, queries.mentionable(thread.customer, thread.reader)).hints()


def _said(request: Any, thread: Thread, hints: list[str]) -> HttpResponse:
    for hint in hints:
        messages.warning(request, hint)
    return redirect(thread.url + "#comments")


def _store(thread: Thread, comment: Comment | None, given: dict[str, Any]) -> object:
    wanted = {"text": given["text"], "mentioned": given.get("mentioned", ()), "by": thread.reader}
    if comment is not None:
        return services.edit_comment(comment, **wanted)
    return services.add_comment(thread, key=given["key"], shared=given.get("shared", False), **wanted)


def _accepted(form: forms.Form, service: Callable[[], object]) -> bool:
    if not form.is_valid():
        return False
    try:
        service()
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    return True


def _base(thread: Thread) -> str:
    return "base.html" if thread.access is None else "portal.html"


def _own(request: Any, public_id: UUID) -> tuple[Comment, Thread]:
    comment = get_object_or_404(queries.own_comment(request.user, public_id), public_id=public_id)
    return comment, _thread(request, comment.kind, comment.record)


def _withdraw(request: Any, public_id: UUID) -> HttpResponse:
    comment, thread = _own(request, public_id)
    services.withdraw_comment(comment, by=request.user)
    if request.htmx:
        return render(request, "comments/_thread.html", thread_context(thread))
    return redirect(thread.url + "#comments")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def thread(request: AuthedRequest, kind: str, public_id: UUID) -> HttpResponse:
    return _talk(request, _thread(request, kind, public_id))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def edit(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    comment, about = _own(request, public_id)
    return _talk(request, about, comment)


@require_POST
@staff_required()
def withdraw(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    return _withdraw(request, public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@portal_required()
def portal_thread(request: PortalRequest, kind: str, public_id: UUID) -> HttpResponse:
    return _talk(request, _thread(request, kind, public_id))


@require_http_methods(["GET", "HEAD", "POST"])
@portal_required()
def portal_edit(request: PortalRequest, public_id: UUID) -> HttpResponse:
    comment, about = _own(request, public_id)
    return _talk(request, about, comment)


@require_POST
@portal_required()
def portal_withdraw(request: PortalRequest, public_id: UUID) -> HttpResponse:
    return _withdraw(request, public_id)
