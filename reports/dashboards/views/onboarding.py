"""How far customers are on their way in: those who started in the period, by segment, by month, and each by itself."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import EXPORTS, AuthedRequest, staff_required
from accounts.lists.pages import list_file, show_list

from ..lists import ONBOARDING
from ..month_charts import onboarding_chart
from ..numbers import chosen_population, monthly_numbers, portfolio_numbers, segment_numbers, variant_numbers
from ..periods import chosen_period, months_until, period_label

CODES = ("onboarding_score", "activation_rate", "time_to_activation", "stuck_steps")
MONTHS = 12


@require_safe
@staff_required()
def onboarding(request: AuthedRequest) -> HttpResponse:
    chosen, population = chosen_period(request), chosen_population(request.user, request.GET)
    before, months = chosen.period.previous(), months_until(chosen.period, MONTHS)
    context = {
        "nav_active": "onboarding", "chosen": chosen, "population": population,
        "numbers": portfolio_numbers(CODES, chosen.period, population),
        "median": variant_numbers(("time_to_activation",), "median", chosen.period, population),
        "previous": portfolio_numbers(CODES, before, population), "previous_label": period_label(before),
        "segments": segment_numbers(CODES, chosen.period) if population.ids is None else {},
        "chart": onboarding_chart(months, monthly_numbers(CODES, months, population)),
    }  # fmt: skip
    return show_list(request, ONBOARDING, "dashboards/onboarding.html", options={"period": chosen.period}, **context)


@require_safe
@staff_required(*EXPORTS)
def onboarding_file(request: AuthedRequest, kind: str) -> HttpResponse:
    """The customers as the list shows them, with the exact figures of the period."""
    period = chosen_period(request).period
    return list_file(request, ONBOARDING, kind, options={"period": period}, about=f"{period.start}-{period.last_day}")
