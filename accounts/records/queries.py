"""Reads on the records of customers, also on those that are archived."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Model, Q, QuerySet

from accounts.access import Viewer, kept_customers_for
from accounts.models import Contact, Customer
from accounts.records.custom import CustomColumn, custom_columns
from accounts.records.models import CustomField
from accounts.records.registry import OBJECTIONS, Kind, kinds

LATEST = 6  # rows of a kind on a customer's page


@dataclass(frozen=True)
class Part:
    """Records of one kind: the first of them, how many there are, how many are archived."""

    kind: Kind
    rows: Sequence[Model]
    total: int
    archived: int
    extra: Sequence[CustomColumn] = ()

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def records_of(kind: Kind, customer: Customer, *, archived: bool = False) -> QuerySet[Any]:
    """The customer's records of the kind, or those of them that are archived; one query."""
    rows = kind.model.everything.filter(customer=customer, archived_at__isnull=not archived)
    found: QuerySet[Any] = rows.select_related("customer", *kind.relations).order_by(*kind.order)
    return found


def data_parts(customer: Customer) -> list[Part]:
    """Every kind with its first rows; two queries for each kind, however many rows."""
    return [_part(kind, customer) for kind in kinds()]


def _part(kind: Kind, customer: Customer) -> Part:
    rows = list(records_of(kind, customer)[:LATEST])
    live, archived = Count("pk", filter=Q(archived_at__isnull=True)), Count("pk", filter=Q(archived_at__isnull=False))
    counts = kind.model.everything.filter(customer=customer).aggregate(live=live, archived=archived)
    return Part(kind, rows, counts["live"], counts["archived"], extra_columns(kind))


def extra_columns(kind: Kind) -> list[CustomColumn]:
    """The custom fields of the kind's records; one query for contacts, none for the others."""
    return custom_columns("contact") if kind.model is Contact else []


def archived_customers(user: Viewer) -> QuerySet[Customer]:
    """Those that the user may bring back, last archived first; one query."""
    return kept_customers_for(user).filter(archived_at__isnull=False).select_related("owner").order_by("-archived_at")


def may_bring_back(user: Viewer, customer: Customer) -> bool:
    return kept_customers_for(user).filter(pk=customer.pk).exists()


def objections(customer: Customer) -> list[str]:
    """Why the customer cannot be archived now, as sentences."""
    return [reason for objection in OBJECTIONS for reason in objection(customer)]


def all_kinds_of(customers: Iterable[Customer]) -> list[QuerySet[Any]]:
    """Every record of the customers, archived ones too: for the history and for merging."""
    return [kind.model.everything.filter(customer__in=customers) for kind in kinds()]


def defined_fields() -> list[CustomField]:
    """Every custom field, archived ones last; one query."""
    return list(CustomField.everything.order_by("archived_at", "subject", "pk"))


def values_in_use(field: CustomField) -> set[str]:
    """The values that rows have of the field; one query."""
    rows = Customer.objects if field.subject == CustomField.Subject.CUSTOMER else Contact.everything
    found = rows.filter(custom__has_key=field.key).order_by().values_list(f"custom__{field.key}", flat=True).distinct()
    return set(found)
