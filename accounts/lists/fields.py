"""What of a customer lists can be filtered by, wherever the customer stands in their rows."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from accounts.models.customers import Phase
from cs_portal.kit.lists.conditions import Field
from cs_portal.kit.lists.filters import Choices, folded, people

Offering = Callable[[QuerySet[Any], Any], Choices]


def customer_fields(path: str = "", *, prefix: str = "") -> tuple[Field, ...]:
    """``path`` leads to the customer and ends in ``__``; ``prefix`` keeps names apart where the row has its own."""
    return (
        Field(f"{prefix}name", _("Customer"), "text", f"{path}sort_name", clean=folded),
        Field(f"{prefix}segment", _("Segment"), "choice", f"{path}segment", occurring(f"{path}segment")),
        Field(f"{prefix}phase", _("Phase"), "choice", f"{path}phase", listing(Phase.choices)),
        Field(f"{prefix}owner", _("Owner"), "person", f"{path}owner__public_id", people_at(f"{path}owner")),
        Field(f"{prefix}industry", _("Industry"), "choice", f"{path}industry", occurring(f"{path}industry")),
        Field(f"{prefix}country", _("Country"), "choice", f"{path}country", occurring(f"{path}country")),
        Field(f"{prefix}language", _("Language"), "choice", f"{path}language", occurring(f"{path}language")),
        Field(f"{prefix}onboarding", _("Onboarding since"), "day", f"{path}onboarding_start"),
    )


def listing(choices: Any) -> Offering:
    return lambda _rows, _user: list(choices)


def occurring(path: str) -> Offering:
    """The values that occur in the rows of the gate."""

    def offered(rows: QuerySet[Any], _user: Any) -> Choices:
        found = rows.exclude(**{path: ""}).exclude(**{f"{path}__isnull": True}).values_list(path, flat=True).distinct()
        return [(value, value) for value in sorted(found)[:500]]

    return offered


def people_at(path: str) -> Offering:
    return lambda rows, _user: people(rows, path)


def customer_choice(path: str = "customer") -> Offering:
    """The customers that occur, by their public id."""

    def offered(rows: QuerySet[Any], _user: Any) -> Choices:
        found = Customer.objects.filter(pk__in=rows.values(path)).values_list("public_id", "name")
        return [(str(key), name) for key, name in found[:1000]]

    return offered
