"""Goals & KVIs: the portfolio by state, as a page and as a file."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import EXPORTS, AuthedRequest, staff_required
from accounts.lists.pages import list_file, show_list
from kvi.lists import GOALS


@require_safe
@staff_required()
def goals(request: AuthedRequest) -> HttpResponse:
    return show_list(request, GOALS, "kvi/goals.html", nav_active="goals")


@require_safe
@staff_required(*EXPORTS)
def goals_file(request: AuthedRequest, kind: str) -> HttpResponse:
    """What the filter shows, whole; a viewer reads but does not export."""
    return list_file(request, GOALS, kind)
