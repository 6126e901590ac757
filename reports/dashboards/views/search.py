"""The search: a page of its own, and what the palette shows of it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import AuthedRequest, staff_required

from ..finding import asked, search

ON_THE_PAGE, IN_THE_PALETTE = 20, 5


@require_safe
@staff_required()
def search_page(request: AuthedRequest) -> HttpResponse:
    question = asked(request.GET.get("q", ""))
    each, page = (IN_THE_PALETTE, "_palette_results") if request.htmx else (ON_THE_PAGE, "search")
    context = {"question": question, "sections": search(request.user, question, each=each)}
    return render(request, f"dashboards/{page}.html", context)
