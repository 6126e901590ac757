"""The comments about a record on its page: {% comments goal %}."""

from typing import Any

from django import template
from django.db.models import Model

from accounts.comments.forms import CommentForm
from accounts.comments.queries import Thread, comments_in, thread_of
from cs_portal.kit.markdown import marked_up

register = template.Library()
register.filter("marked_up", marked_up)


@register.inclusion_tag("comments/_thread.html", takes_context=True)
def comments(context: Any, record: Model) -> dict[str, Any]:
    request = context["request"]
    return thread_context(thread_of(record, request.user, getattr(request, "portal", None)))


def thread_context(thread: Thread, form: CommentForm | None = None) -> dict[str, Any]:
    """What comments/_thread.html shows."""
    if form is None and thread.may_write:
        form = CommentForm(thread=thread)
    return {
        "thread": thread, "comments": list(comments_in(thread)), "comment_form": form, "reader": thread.reader,
        "portal": thread.access is not None,
    }  # fmt: skip
