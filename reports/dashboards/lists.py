"""The lists of customers: their columns, filters and conditions, and what can be done to several at once."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.access import Viewer, current_customers_for
from accounts.bulk import CHANGE_OWNER
from accounts.lists.fields import customer_fields
from accounts.models import Customer
from cs_portal.kit.lists.base import List, register

from .filters import CustomerFilter, PortfolioFilter
from .queries import listed_customers
from .tables import CustomerTable, RevenueTable


def revenue_rows(user: Viewer) -> QuerySet[Customer]:
    return current_customers_for(user).select_related("owner")


CUSTOMERS = register(
    List(
        "customers", _("Customers"), "dashboards:customers", CustomerTable, CustomerFilter, listed_customers,
        files="dashboards:customers", fields=customer_fields(), actions=(CHANGE_OWNER,),
    )
)  # fmt: skip
REVENUE = register(
    List(
        "revenue", _("Revenue"), "dashboards:revenue", RevenueTable, PortfolioFilter, revenue_rows,
        files="dashboards:revenue", fields=customer_fields(),
    )
)  # fmt: skip
