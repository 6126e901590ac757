"""Reads on the records of customers, also on those that are archived."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Model, Q, QuerySet

from accounts.access import Viewer, kept_customers_for, writable_customers_for
from accounts.models import Contact, Customer
from accounts.records.custom import CustomColumn, custom_columns
from accounts.records.models import CustomField
from accounts.records.registry import OBJECTIONS, Kind, kinds

LEGAL_FORM = re.compile(r"\b(gmbh|mbh|ag|se|kg|kgaa|ohg|ug|co|ltd|limited|inc|llc|plc|corp|sa|bv)\b|[^\w]", re.ASCII)
FREE_MAIL = frozenset(
    {
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "yahoo.com",
        "web.de",
        "gmx.de",
        "gmx.net",
        "t-online.de",
        "icloud.com",
    }
)
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
    found = kept_customers_for(user).filter(archived_at__isnull=False, merged_into__isnull=True)
    return found.select_related("owner").order_by("-archived_at")


def may_bring_back(user: Viewer, customer: Customer) -> bool:
    return customer.merged_into_id is None and kept_customers_for(user).filter(pk=customer.pk).exists()


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


def plain_name(name: str) -> str:
    """A company's name without its legal form, signs and blanks."""
    return LEGAL_FORM.sub("", name.casefold())


def mergeable_customers(user: Viewer, customer: Customer) -> QuerySet[Customer]:
    """What the user may merge into the customer, by name."""
    return writable_customers_for(user).exclude(pk=customer.pk).filter(is_test=customer.is_test)


def likely_twins(user: Viewer, customer: Customer) -> list[Customer]:
    """Customers of the same name but for the legal form, or with contacts at the same domain; three queries."""
    others = mergeable_customers(user, customer)
    wanted = plain_name(customer.name)
    named = {pk for pk, name in others.values_list("pk", "name") if wanted and plain_name(name) == wanted}
    domains = {mail.rpartition("@")[2].lower() for mail in customer.contacts.values_list("email", flat=True)}
    shared = Q(pk__in=named)
    for domain in sorted(domains - FREE_MAIL - {""})[:20]:
        shared |= Q(contacts__email__iendswith=f"@{domain}", contacts__archived_at__isnull=True)
    return list(others.filter(shared).distinct()[:20])


def likely_twin_contacts(contact: Contact) -> list[Contact]:
    """Contacts of the same customer with the same name or address; one query."""
    same = Q(pk__in=[])
    if contact.name:
        same |= Q(name__iexact=contact.name)
    if contact.email:
        same |= Q(email__iexact=contact.email)
    return list(Contact.objects.filter(same, customer=contact.customer_id).exclude(pk=contact.pk)[:20])
