"""What the doors to lists share."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect

from accounts.access import AuthedRequest
from cs_portal.kit.lists.base import LISTS, List, kept


def get_list(request: AuthedRequest, name: str) -> List:
    """The list of that name, for those who may open it."""
    if name not in LISTS:
        raise Http404
    if request.user.role not in LISTS[name].roles:
        raise PermissionDenied
    return LISTS[name]


def back_to(declared: List, query: str, **more: str) -> HttpResponse:
    """The list as the query shows it, of which only the list's own parameters are kept."""
    params = QueryDict(kept(declared, QueryDict(query[:6000])), mutable=True)
    params.update(more)
    return redirect(f"{declared.url}?{params.urlencode()}" if params else declared.url)
