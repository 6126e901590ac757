"""The customers list and one customer's page."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from accounts.access import (
    EXPORTS,
    AuthedRequest,
    get_customer,
    may_add_customers,
    may_export,
    may_write,
    staff_required,
)
from accounts.exports import export_csv
from accounts.models import PortalAccess
from accounts.queries import contact_rows
from accounts.records.custom import custom_columns
from accounts.records.queries import may_bring_back
from reports.history import customer_history

from ..filters import CustomerFilter
from ..numbers import LIST_CODES, customer_numbers, numbers_of, plain_value
from ..periods import chosen_period, today
from ..queries import customer_fragments, listed_customers, next_steps, renewal_date
from ..tables import CustomerTable, Pages

EXPORTED = ("mrr", "customer_value_score:collective", "customer_value_score:individual", "nps")


@require_safe
@staff_required()
def customers_page(request: AuthedRequest) -> HttpResponse:
    chosen = chosen_period(request)
    found = CustomerFilter(request.GET, queryset=listed_customers(request.user), user=request.user)
    table = CustomerTable(found.chosen, period=chosen.period)
    RequestConfig(request, paginate={"paginator_class": Pages}).configure(table)
    table.measure_page()
    context = {
        "nav_active": "customers", "filter": found, "table": table, "chosen": chosen,
        "may_export": may_export(request.user), "may_add": may_add_customers(request.user),
    }  # fmt: skip
    return render(request, "dashboards/customers.html", context)


@require_safe
@staff_required(*EXPORTS)
def customers_csv(request: AuthedRequest) -> HttpResponse:
    """The filtered list, complete, with exact numbers as everywhere outside the screen."""
    chosen = chosen_period(request)
    customers = list(CustomerFilter(request.GET, queryset=listed_customers(request.user), user=request.user).chosen)
    numbers = numbers_of(customers, LIST_CODES, chosen.period)
    own = custom_columns("customer")
    header = ["customer", "name", "segment", "phase", "owner", "agreed_goals", *EXPORTED, "period_start", "period_end"]
    header += [column.name for column in own]
    rows = (
        [
            customer.external_id, customer.name, customer.segment, customer.phase,
            customer.owner.email if customer.owner else "", customer.agreed_goals,
            *(plain_value(numbers.get(customer.external_id, {}).get(code)) for code in EXPORTED),
            chosen.period.start, chosen.period.end, *(column.text(customer) for column in own),
        ]
        for customer in customers
    )  # fmt: skip
    return export_csv("customers", header, rows, by=request.user)


@require_safe
@staff_required()
def customer_page(request: AuthedRequest, public_id: UUID) -> HttpResponse:
    customer = get_customer(request.user, public_id)
    chosen, day = chosen_period(request), today()
    renewal = renewal_date(customer, day)
    context = {
        "nav_active": "customers", "customer": customer, "chosen": chosen,
        "numbers": customer_numbers(customer, chosen.period),
        "renewal": renewal, "renewal_left": (renewal - day).days if renewal else None,
        "rows": [(item, item.days_left(day)) for item in next_steps(customer, request.user)],
        "contacts": contact_rows(customer), "portal_roles": PortalAccess.PortalRole.choices,
        "may_write": may_write(request.user, customer), "may_bring_back": may_bring_back(request.user, customer),
        "history": customer_history(customer),
        **customer_fragments(customer, request.user, everything="all" in request.GET),
    }  # fmt: skip
    return render(request, "dashboards/customer.html", context)
