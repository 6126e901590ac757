"""What needs the colleague today."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access import AuthedRequest, staff_required
from accounts.models import Role, User

from ..numbers import population_of, portfolio_numbers
from ..periods import last_year, today
from ..queries import work_list

SHOWN = 25
TILES = ("mrr", "kvi_coverage", "customer_value_score", "nps")


@require_safe
def today_page(request: HttpRequest) -> HttpResponse:
    """Contacts who come to the front door are shown to theirs."""
    if isinstance(request.user, User) and request.user.role == Role.CONTACT:
        return redirect("dashboards:portal_home")
    return _today(request)


@staff_required()
def _today(request: AuthedRequest) -> HttpResponse:
    day, population = today(), population_of(request.user)
    rows = [(item, item.days_left(day)) for item in work_list(request.user)]
    context = {
        "nav_active": "today",
        "rows": rows if "all" in request.GET else rows[:SHOWN],
        "hidden": 0 if "all" in request.GET else max(0, len(rows) - SHOWN),
        "overdue": sum(left is not None and left < 0 for _item, left in rows),
        "population": population,
        "numbers": portfolio_numbers(TILES, last_year(day), population),
    }
    return render(request, "dashboards/today.html", context)
