"""How a room's view shows its list, as a page and as a file."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import AuthedRequest, may_export
from accounts.exports import export_csv, export_xlsx
from accounts.lists.models import BulkChange, SavedView
from accounts.lists.queries import density_of, may_share, undoable_changes, views_of
from accounts.models import Role, User
from cs_portal.kit.lists.base import List, Shown, kept, listed
from cs_portal.kit.lists.words import in_words


def show_list(
    request: AuthedRequest, declared: List, template: str, *, options: dict[str, Any] | None = None, **context: Any
) -> HttpResponse:
    """``options`` go to the table, the rest to the template, which extends kit/list.html."""
    shown = listed(declared, request.user, request.GET, **(options or {}))
    shown.table.show_page(request.GET.get("page", ""))
    return render(request, template, list_context(request, shown) | context)


def list_context(request: AuthedRequest, shown: Shown) -> dict[str, Any]:
    user, declared = request.user, shown.list
    views, query = list(views_of(user, declared.name)), kept(declared, request.GET)
    return {
        "list": declared,
        "shown": shown,
        "table": shown.table,
        "filter": shown.filter,
        "query": query,
        "views": views,
        "view": (view := _view(views, request.GET.get("view", ""))),
        "view_is_changed": view is not None and view.query != query,
        "may_change_view": view is not None and _may_change(user, view),
        "may_share": may_share(user),
        "density": density_of(user),
        "done": _done(user, declared, request.GET.get("done", "")),
        "files": {kind: reverse(f"{declared.files}_{kind}") for kind in ("csv", "xlsx")} if declared.files else {},
        "may_export": may_export(user) and bool(declared.files),
        "actions": declared.actions_for(user),
        "where_words": in_words(shown.conditions, shown.fields, declared, user) if shown.conditions else "",
    }


def _view(views: list[SavedView], asked: str) -> SavedView | None:
    return next((view for view in views if str(view.public_id) == asked), None)


def _done(user: User, declared: List, asked: str) -> BulkChange | None:
    """The change that has just been made, as long as it can be taken back."""
    try:
        named = UUID(asked)
    except ValueError:
        return None
    return undoable_changes(user).filter(public_id=named, list=declared.name).first()


def _may_change(user: User, view: SavedView) -> bool:
    return view.owner_id == user.pk or user.role == Role.ADMIN


def list_file(
    request: AuthedRequest, declared: List, kind: str, *, options: dict[str, Any] | None = None, about: str = ""
) -> HttpResponse:
    """The list as a file: the same filter, conditions, order and columns, all pages. ``about`` ends the file's name."""
    if not may_export(request.user):
        raise PermissionDenied
    shown = listed(declared, request.user, request.GET, **(options or {}))
    if declared.longest_file is not None:
        shown.table.data.data = shown.table.data.data[: declared.longest_file]
    header, *rows = shown.table.lines()
    name = f"{declared.name}-{about}" if about else declared.name
    if kind == "xlsx":
        return export_xlsx(name, str(declared.title), header, rows, by=request.user)
    return export_csv(name, header, rows, by=request.user)
