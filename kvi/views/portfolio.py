"""Goals & KVIs: the portfolio by state, with filters in the URL, as a page and as a file."""

from collections import Counter
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthedRequest, customers_for, staff_required
from accounts.exports import export_csv
from accounts.models import Customer, Role, User
from kvi import queries
from kvi.forms import PortfolioFilter
from kvi.models import Goal
from kvi.standing import STATES, Standing, standings

PAGE = 50


def state_names() -> dict[str, str]:
    return {
        "not_defined": _("Not defined"),
        "proposed": _("Proposed"),
        "agreed": _("Agreed"),
        "off_path": _("Off path"),
        "stale": _("Stale"),
        "disputed": _("Disputed"),
    }


def _filtered(request: AuthedRequest) -> tuple[list[Standing], list[Customer], dict[str, Any]]:
    """Indicators by the filter, and the customers without any."""
    form = PortfolioFilter(request.GET)
    valid = form.is_valid()
    state = form.cleaned_data.get("state", "") if valid else ""
    segment = form.cleaned_data.get("segment", "") if valid else ""
    owner = form.owner_or_none()
    customers = customers_for(request.user).filter(is_test=False)
    if segment:
        customers = customers.filter(segment=segment)
    if owner is not None:
        customers = customers.filter(owner=owner)
    indicators = queries.indicators_for(request.user).filter(goal__customer__in=customers).exclude(
        goal__state=Goal.State.RETIRED
    )  # fmt: skip
    without = customers.exclude(goals__indicators__isnull=False).select_related("owner")
    chosen = {"state": state if state in STATES else "", "segment": segment, "owner": owner}
    rows = standings(list(indicators.order_by("goal__customer__sort_name", "goal", "pk")))
    return rows, list(without), chosen


@require_safe
@staff_required()
def goals(request: AuthedRequest) -> HttpResponse:
    rows, without, chosen = _filtered(request)
    counts = Counter(standing.state for standing in rows)
    counts["not_defined"] += len(without)
    names, state = state_names(), chosen["state"]
    shown = [standing for standing in rows if not state or standing.state == state]
    query = request.GET.copy()
    query.pop("page", None)
    base = query.copy()
    base.pop("state", None)
    context = {
        "nav_active": "goals",
        "page": Paginator(shown, PAGE).get_page(request.GET.get("page")),
        "without": without if state in ("", "not_defined") else [],
        "states": [(key, names[key], counts[key]) for key in STATES],
        "total": len(rows) + len(without),
        "chosen": chosen,
        "query": query.urlencode(),
        "base_query": base.urlencode(),
        "segments": list(
            customers_for(request.user)
            .exclude(segment="")
            .order_by("segment")
            .values_list("segment", flat=True)
            .distinct()
        ),
        "owners": User.objects.filter(customers__in=customers_for(request.user)).distinct(),
        "may_export": request.user.role != Role.VIEWER,
        "language": get_language() or "en",
    }
    return render(request, "kvi/goals.html", context)


@require_safe
@staff_required()
def goals_csv(request: AuthedRequest) -> HttpResponse:
    """What the filter shows, whole; a viewer reads but does not export."""
    if request.user.role == Role.VIEWER:
        raise PermissionDenied
    rows, without, chosen = _filtered(request)
    names, state, language = state_names(), chosen["state"], get_language() or "en"
    header = [
        _("Customer"), _("Goal"), _("Indicator"), _("State"), _("Attainment"), _("Planned"), _("Path gap"),
        _("Last measured"), _("Owner"),
    ]  # fmt: skip
    lines = [_line(standing, names, language) for standing in rows if not state or standing.state == state]
    if state in ("", "not_defined"):
        lines += [[c.name, "", "", names["not_defined"], "", "", "", "", str(c.owner or "")] for c in without]
    return export_csv("goals", header, lines, by=request.user)


def _line(standing: Standing, names: dict[str, str], language: str) -> list[object]:
    goal, version = standing.indicator.goal, standing.version
    readings = (standing.attainment, standing.planned, standing.gap)
    return [
        goal.customer.name, goal.name, version.text("name", language) if version else "", names[standing.state],
        *(reading.as_json()["value"] or "" for reading in readings),
        standing.latest.date.isoformat() if standing.latest else "", str(goal.customer.owner or ""),
    ]  # fmt: skip
