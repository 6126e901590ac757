"""Recurring revenue of a month: the total, what moved it, by segment, by customer, and the months before."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import EXPORTS, AuthedRequest, staff_required
from accounts.lists.pages import list_file, show_list
from cs_portal.metrics.base import Period

from ..charts import trend_chart
from ..lists import REVENUE
from ..movements import movement_context
from ..numbers import monthly, population_of, portfolio_numbers, segment_numbers
from ..periods import chosen_month, months_until, today

CODES = ("mrr", "arr", "paying_customers")
TREND_MONTHS = 12


@require_safe
@staff_required()
def revenue(request: AuthedRequest) -> HttpResponse:
    chosen, population = chosen_month(request), population_of(request.user)
    months = monthly("mrr", months_until(chosen.period, TREND_MONTHS), population)
    context = {
        "nav_active": "revenue", "chosen_month": chosen, "population": population,
        "numbers": portfolio_numbers(CODES, chosen.period, population),
        "segments": segment_numbers(CODES, chosen.period) if population.ids is None else {},
        "chart": trend_chart(months), "earlier": _month_before(chosen.period), "later": _month_after(chosen.period),
        **movement_context(chosen.period, population),
    }  # fmt: skip
    return show_list(request, REVENUE, "dashboards/revenue.html", options={"period": chosen.period}, **context)


@require_safe
@staff_required(*EXPORTS)
def revenue_file(request: AuthedRequest, kind: str) -> HttpResponse:
    """The customers as the list shows them, with the exact figures of the month."""
    chosen = chosen_month(request)
    return list_file(request, REVENUE, kind, options={"period": chosen.period}, about=chosen.text)


def _month_before(period: Period) -> str:
    return f"{months_until(period, 2)[0].start:%Y-%m}"


def _month_after(period: Period) -> str:
    """Empty for a month that is not over."""
    last_day = Period.of_months(period.last_day.replace(day=1), 2).last_day
    return f"{last_day:%Y-%m}" if last_day <= today() else ""
