"""The customers list and one customer's page."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import (
    EXPORTS,
    AuthedRequest,
    get_customer,
    may_add_customers,
    may_write,
    staff_required,
)
from accounts.lists.pages import list_file, show_list
from accounts.models import PortalAccess
from accounts.queries import contact_rows
from accounts.records.queries import may_bring_back
from reports.history import customer_history

from ..lists import CUSTOMERS
from ..numbers import customer_numbers
from ..periods import chosen_period, today
from ..queries import customer_fragments, next_steps, renewal_date


@require_safe
@staff_required()
def customers_page(request: AuthedRequest) -> HttpResponse:
    chosen = chosen_period(request)
    options, may_add = {"period": chosen.period}, may_add_customers(request.user)
    return show_list(request, CUSTOMERS, "dashboards/customers.html", options=options, chosen=chosen, may_add=may_add)


@require_safe
@staff_required(*EXPORTS)
def customers_file(request: AuthedRequest, kind: str) -> HttpResponse:
    """The list as it is filtered, with the exact numbers of its period."""
    period = chosen_period(request).period
    return list_file(request, CUSTOMERS, kind, options={"period": period}, about=f"{period.start}-{period.last_day}")


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
