"""Which customers a question is about, and which of them are live (metrics.md, section 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.models import Customer
from accounts.revenue.models import Subscription
from cs_portal.metrics.base import Scope, Subject

CUSTOMER_LEVELS = frozenset({"portfolio", "segment", "customer"})


@dataclass(frozen=True)
class Member:
    """A customer that belongs to a subject of the question; ``live`` on the period's last day."""

    customer_id: int
    subject: Subject
    live: bool


def chosen_customers(scope: Scope, path: str = "") -> Q:
    """The customers of the question's subjects; ``path`` leads to the customer, e.g. ``goal__customer__``.

    Test customers and those merged into another count only when they are asked for directly.
    """
    if scope.level == "customer":
        return Q(**{f"{path}external_id__in": scope.subjects})
    chosen = Q(**{f"{path}is_test": False, f"{path}merged_into__isnull": True})
    if scope.level == "segment":
        chosen &= Q(**{f"{path}segment__in": scope.subjects})
    if scope.customer_ids is not None:
        chosen &= Q(**{f"{path}pk__in": scope.customer_ids})
    return chosen


def members(scope: Scope) -> Mapping[int, Member]:
    """By customer, at portfolio, segment and customer level; one query."""
    day = scope.period.last_day
    known = Subscription.objects.filter(customer=OuterRef("pk"), start_date__lte=scope.as_of)
    running = Q(end_date__isnull=True) | Q(end_date__gt=day)
    customers = Customer.objects.filter(chosen_customers(scope)).annotate(
        live=Exists(known.filter(running, start_date__lte=day)) | ~Exists(known)
    )
    names = {"segment": "segment", "customer": "external_id"}
    rows = customers.order_by("pk").values_list("pk", names.get(scope.level, "pk"), "live")
    return {pk: Member(pk, name if scope.level in names else None, live) for pk, name, live in rows}


def subject_params(scope: Scope) -> dict[str, Any]:
    """Customers beside their subjects (the portfolio's is the empty text), and the days."""
    group = scope.read(members)
    return {
        "customers": list(group),
        "subjects": [member.subject or "" for member in group.values()],
        "start": scope.period.start,
        "last_day": scope.period.last_day,
        "as_of": scope.as_of,
    }
