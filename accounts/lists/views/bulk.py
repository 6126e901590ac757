"""Change several rows at once: choose what, look at what will change, change it, take it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import AuthedRequest, staff_required
from accounts.lists import queries, services
from cs_portal.kit.forms import status_of
from cs_portal.kit.lists.actions import Action, named
from cs_portal.kit.lists.base import List, narrowed

from .shared import back_to, get_list

MOST, SHOWN = 500, 50


@require_POST
@staff_required()
def bulk(request: AuthedRequest, name: str) -> HttpResponse:
    declared = get_list(request, name)
    query = request.POST.get("query", "")[:6000]
    action = named(declared.actions_for(request.user), request.POST.get("action", ""))
    if action is None:
        messages.warning(request, _("Please choose what to do with the rows."))
        return back_to(declared, query)
    rows = _chosen(request, declared, query)
    if not rows or len(rows) > MOST:
        few, many = _("Please choose rows first."), _("Please choose at most %(most)s rows.") % {"most": MOST}
        messages.warning(request, many if rows else few)
        return back_to(declared, query)
    return _step(request, declared, action, rows, query)


def _chosen(request: AuthedRequest, declared: List, query: str) -> list[Any]:
    """The rows that were named, or all that the query finds. One that does not exist for the person is a 404."""
    if request.POST.get("everything"):
        return list(narrowed(declared, request.user, QueryDict(query)).rows[: MOST + 1])
    ids = {one for text in request.POST.getlist("row") for one in text.split(",") if one}
    try:
        wanted = {UUID(one) for one in list(ids)[: MOST + 1]}
    except ValueError:
        raise Http404 from None
    rows = list(declared.rows(request.user).filter(public_id__in=wanted).order_by("pk"))
    if len(rows) != len(wanted):
        raise Http404
    return rows


def _step(request: AuthedRequest, declared: List, action: Action, rows: list[Any], query: str) -> HttpResponse:
    step = request.POST.get("step", "")
    form = action.form(request.POST if step else None, user=request.user, rows=rows)
    refused = len(rows) - action.changeable(request.user).filter(pk__in=[row.pk for row in rows]).count()
    valid = bool(step) and not refused and form.is_valid()
    if valid and step == "change":
        try:
            return _changed(request, declared, action, rows, form.cleaned_data, query)
        except ValidationError as problem:
            form.add_error(None, problem.messages)
            valid = False
    values = form.cleaned_data if valid else None
    lines = [(row, action.before(row), action.after(row, values) if values is not None else "") for row in rows[:SHOWN]]
    context = {
        "list": declared, "action": action, "form": form, "query": query, "refused": refused, "count": len(rows),
        "ids": ",".join(str(row.public_id) for row in rows), "ready": valid, "unlisted": max(0, len(rows) - SHOWN),
        "lines": lines,
    }  # fmt: skip
    return render(request, "lists/bulk.html", context, status=403 if refused else status_of(form))


def _changed(
    request: AuthedRequest, declared: List, action: Action, rows: list[Any], values: dict[str, Any], query: str
) -> HttpResponse:
    change = services.change_rows(action, declared.name, rows, values, by=request.user)
    return back_to(declared, query, done=str(change.public_id))


@require_POST
@staff_required()
def bulk_undo(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    """Only by whoever made the change, within the hour."""
    change = get_object_or_404(queries.undoable_changes(request.user), public_id=public_id)
    declared = get_list(request, change.list)
    action = named(declared.actions_for(request.user), change.action)
    if action is None:
        raise Http404
    undone = services.undo_change(change, action, by=request.user)
    said = ngettext("%(n)s row is as it was before.", "%(n)s rows are as they were before.", undone)
    messages.success(request, said % {"n": undone})
    if left := len(change.before) - undone:
        text = ngettext("%(n)s row was changed since and stays.", "%(n)s rows were changed since and stay.", left)
        messages.warning(request, text % {"n": left})
    return back_to(declared, request.POST.get("query", ""))
