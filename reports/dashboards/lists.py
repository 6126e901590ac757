"""The lists of customers: their columns, filters and conditions, and what can be done to several at once."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.access import Viewer, current_customers_for
from accounts.bulk import CHANGE_OWNER
from accounts.lists.fields import customer_fields
from accounts.models import Customer
from accounts.onboarding.models import OnboardingStep
from cs_portal.kit.lists.base import List, register

from .filters import CustomerFilter, PortfolioFilter
from .queries import listed_customers
from .tables import CustomerTable, OnboardingTable, RevenueTable, SupportTable


def customer_rows(user: Viewer) -> QuerySet[Customer]:
    return current_customers_for(user).select_related("owner")


def onboarding_rows(user: Viewer) -> QuerySet[Customer]:
    """Customers that have steps to take."""
    steps = OnboardingStep.objects.filter(customer=OuterRef("pk"))
    return customer_rows(user).filter(Exists(steps))


CUSTOMERS = register(
    List(
        "customers", _("Customers"), "dashboards:customers", CustomerTable, CustomerFilter, listed_customers,
        files="dashboards:customers", fields=customer_fields(), actions=(CHANGE_OWNER,),
    )
)  # fmt: skip
REVENUE = register(
    List(
        "revenue", _("Revenue"), "dashboards:revenue", RevenueTable, PortfolioFilter, customer_rows,
        files="dashboards:revenue", fields=customer_fields(),
    )
)  # fmt: skip
SUPPORT = register(
    List(
        "support", _("Support"), "dashboards:support", SupportTable, PortfolioFilter, customer_rows,
        files="dashboards:support", fields=customer_fields(),
    )
)  # fmt: skip
ONBOARDING = register(
    List(
        "onboarding", _("Onboarding"), "dashboards:onboarding", OnboardingTable, CustomerFilter, onboarding_rows,
        files="dashboards:onboarding", fields=customer_fields(),
    )
)  # fmt: skip
