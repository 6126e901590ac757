"""The editor of nested conditions."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import AuthedRequest, staff_required
from cs_portal.kit.lists.base import List, fields_of, kept
from cs_portal.kit.lists.conditions import BadConditions, Group, parse, text_of
from cs_portal.kit.lists.editing import Box, Editor

from .shared import back_to, get_list


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def conditions(request: AuthedRequest, name: str) -> HttpResponse:
    """GET begins with the conditions of the list's URL; each POST is one step, nothing is stored."""
    declared = get_list(request, name)
    editor = Editor(fields_of(declared, request.user), declared.rows(request.user), request.user)
    query = (
        (request.POST or request.GET).get("query", "")[:6000]
        if request.method == "POST"
        else kept(declared, request.GET)
    )
    if request.method != "POST":
        return _page(request, declared, editor, _begun(editor, request.GET.get("where", "")), query)
    tree = editor.read(request.POST)
    if "apply" not in request.POST:
        return _page(request, declared, editor, editor.stepped(tree, request.POST), query)
    tree, group = editor.checked(tree)
    return _page(request, declared, editor, tree, query, 422) if group is None else _applied(declared, query, group)


def _begun(editor: Editor, where: str) -> Box:
    try:
        return editor.of(parse(where, editor.fields))
    except BadConditions as bad:
        editor.problem = str(bad)
        return editor.of(None)


def _applied(declared: List, query: str, group: Group) -> HttpResponse:
    params = QueryDict(query, mutable=True)
    params.pop("where", None)
    if group.parts:
        params["where"] = text_of(group)
    return back_to(declared, params.urlencode())


def _page(
    request: AuthedRequest, declared: List, editor: Editor, tree: Box, query: str, status: int = 200
) -> HttpResponse:
    query = kept(declared, QueryDict(query))
    context = {"list": declared, "tree": tree, "editor": editor, "fields": editor.fields.values(), "query": query}
    return render(request, "lists/conditions.html", context, status=status)
