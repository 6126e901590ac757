"""How much the support is asked and how fast it answers: the population, by segment, by month, by customer."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import EXPORTS, AuthedRequest, staff_required
from accounts.lists.pages import list_file, show_list

from ..lists import SUPPORT
from ..month_charts import tickets_chart
from ..numbers import chosen_population, monthly_numbers, portfolio_numbers, segment_numbers, variant_numbers
from ..periods import chosen_period, months_until, period_label

CODES = (
    "tickets_opened", "tickets_closed", "open_tickets", "tickets_per_user", "average_ticket_time",
    "median_ticket_time", "p90_ticket_time", "first_contact_resolution",
)  # fmt: skip
HANDLED = ("average_ticket_time", "median_ticket_time", "p90_ticket_time")
MONTHS = 12


@require_safe
@staff_required()
def support(request: AuthedRequest) -> HttpResponse:
    chosen, population = chosen_period(request), chosen_population(request.user, request.GET)
    before, months = chosen.period.previous(), months_until(chosen.period, MONTHS)
    context = {
        "nav_active": "support", "chosen": chosen, "population": population,
        "numbers": portfolio_numbers(CODES, chosen.period, population),
        "handling": variant_numbers(HANDLED, "handling", chosen.period, population),
        "previous": portfolio_numbers(CODES, before, population), "previous_label": period_label(before),
        "segments": segment_numbers(CODES, chosen.period) if population.ids is None else {},
        "chart": tickets_chart(months, monthly_numbers(CODES, months, population)),
    }  # fmt: skip
    return show_list(request, SUPPORT, "dashboards/support.html", options={"period": chosen.period}, **context)


@require_safe
@staff_required(*EXPORTS)
def support_file(request: AuthedRequest, kind: str) -> HttpResponse:
    """The customers as the list shows them, with the exact figures of the period."""
    period = chosen_period(request).period
    return list_file(request, SUPPORT, kind, options={"period": period}, about=f"{period.start}-{period.last_day}")
