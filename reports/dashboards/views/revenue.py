"""Recurring revenue of a month: the total, by segment, by customer, and the months before."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from accounts.access import EXPORTS, AuthedRequest, customers_for, may_export, staff_required
from accounts.exports import export_csv
from cs_portal.metrics.base import Period

from ..charts import trend_chart
from ..numbers import monthly, numbers_of, plain_value, population_of, portfolio_numbers, segment_numbers
from ..periods import chosen_month, months_until, today
from ..tables import Pages, RevenueTable

CODES = ("mrr", "arr", "paying_customers")
TREND_MONTHS = 12


@require_safe
@staff_required()
def revenue(request: AuthedRequest) -> HttpResponse:
    chosen, population = chosen_month(request), population_of(request.user)
    table = RevenueTable(customers_for(request.user), period=chosen.period)
    RequestConfig(request, paginate={"paginator_class": Pages}).configure(table)
    table.measure_page()
    months = monthly("mrr", months_until(chosen.period, TREND_MONTHS), population)
    context = {
        "nav_active": "revenue", "chosen": chosen, "population": population, "table": table,
        "numbers": portfolio_numbers(CODES, chosen.period, population),
        "segments": segment_numbers(CODES, chosen.period) if population.ids is None else {},
        "chart": trend_chart(months), "earlier": _month_before(chosen.period), "later": _month_after(chosen.period),
        "may_export": may_export(request.user),
    }  # fmt: skip
    return render(request, "dashboards/revenue.html", context)


@require_safe
@staff_required(*EXPORTS)
def revenue_csv(request: AuthedRequest) -> HttpResponse:
    """Every customer of the gate with the exact figures of the month."""
    period = chosen_month(request).period
    customers = list(customers_for(request.user))
    numbers = numbers_of(customers, RevenueTable.codes, period)
    header = ["customer", "name", "segment", *RevenueTable.codes, "period_start", "period_end"]
    rows = (
        [
            customer.external_id, customer.name, customer.segment,
            *(plain_value(numbers.get(customer.external_id, {}).get(code)) for code in RevenueTable.codes),
            period.start, period.end,
        ]
        for customer in customers
    )  # fmt: skip
    return export_csv("revenue", header, rows, by=request.user)


def _month_before(period: Period) -> str:
    return f"{months_until(period, 2)[0].start:%Y-%m}"


def _month_after(period: Period) -> str:
    """Empty for a month that is not over."""
    last_day = Period.of_months(period.last_day.replace(day=1), 2).last_day
    return f"{last_day:%Y-%m}" if last_day <= today() else ""
