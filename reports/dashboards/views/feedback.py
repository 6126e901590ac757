"""What customers say: NPS and response rate with their uncertainty, then the answers themselves."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import AuthedRequest, staff_required

from ..numbers import population_of, portfolio_numbers
from ..periods import chosen_period, period_label
from ..queries import feedback_fragments

CODES = ("nps", "nps_share", "response_rate", "survey_answers")


@require_safe
@staff_required()
def feedback(request: AuthedRequest) -> HttpResponse:
    chosen, population = chosen_period(request), population_of(request.user)
    before = chosen.period.previous()
    context = {
        "nav_active": "feedback", "chosen": chosen, "population": population,
        "numbers": portfolio_numbers(CODES, chosen.period, population),
        "previous": portfolio_numbers(CODES, before, population), "previous_label": period_label(before),
        **feedback_fragments(request.user, chosen.period),
    }  # fmt: skip
    return render(request, "dashboards/feedback.html", context)
