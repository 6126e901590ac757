"""Every figure of the catalogue, and the page on which one explains itself."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.access import EXPORTS, AuthedRequest, may_export, staff_required
from accounts.exports import export_csv
from kvi.scorecard import MetricRequestError

from ..cards import Figure, Hidden, Unknown, card_of, figure_for, parts_of
from ..catalogue import families
from ..numbers import plain_value, population_of
from ..periods import chosen_figure_period


@require_safe
@staff_required()
def figures(request: AuthedRequest) -> HttpResponse:
    chosen, population = chosen_figure_period(request), population_of(request.user)
    found = families(chosen.period, population, get_language() or "en")
    context = {"nav_active": "insights", "chosen": chosen, "population": population, "families": found}
    return render(request, "dashboards/figures.html", context)


@require_safe
@staff_required()
def figure(request: AuthedRequest, name: str) -> HttpResponse:
    chosen = chosen_figure_period(request)
    card = _found(request, lambda asked: card_of(request.user, asked), name)
    context = {"nav_active": "insights", "chosen": chosen, "card": card, "may_export": may_export(request.user)}
    return render(request, "dashboards/figure.html", context)


@require_safe
@staff_required(*EXPORTS)
def figure_file(request: AuthedRequest, name: str) -> HttpResponse:
    """The customers behind the figure, all of them, with the exact numbers."""
    parts = _found(request, lambda asked: parts_of(request.user, asked), name)
    header = ["customer", "name", "value", "numerator", "denominator", "n", "reason", "variant"]
    rows = [
        [customer.external_id, customer.name, plain_value(reading), *_sides(reading.as_json()), reading.variant]
        for customer, reading in parts
    ]
    return export_csv(f"figure-{name.replace(':', '-')}", header, rows, by=request.user)


def _sides(stored: dict[str, Any]) -> list[Any]:
    return [stored[key] for key in ("numerator", "denominator", "n", "reason")]


def _found(request: AuthedRequest, answer: Any, name: str) -> Any:
    """What ``answer`` makes of the figure in the address; 404 for one that does not exist, 403 for a hidden whole."""
    given = {key: request.GET[key][:200] for key in ("level", "subject", "variant") if request.GET.get(key)}
    asked = Figure(name, chosen_figure_period(request).period, **given)
    try:
        return answer(figure_for(request.user, asked))
    except Hidden as error:
        raise PermissionDenied from error
    except (Unknown, MetricRequestError) as error:
        raise Http404 from error
