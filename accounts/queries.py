"""Reads on people: who is at a customer, and who of them may enter the portal."""

from dataclasses import dataclass

from django.db.models import Prefetch

from accounts.models import Contact, Customer, PortalAccess


@dataclass(frozen=True)
class ContactRow:
    """A contact with their access; ``access`` is empty without one, ``open`` says whether it opens the door."""

    contact: Contact
    access: PortalAccess | None
    open: bool


def contact_rows(customer: Customer) -> list[ContactRow]:
    """The customer's contacts, active ones first; two queries however many there are."""
    live = PortalAccess.objects.filter(revoked_at__isnull=True).select_related("user")
    contacts = (
        customer.contacts.select_related("user_group")
        .prefetch_related(Prefetch("portal_accesses", queryset=live, to_attr="unrevoked"))
        .order_by("-is_active", "name", "pk")
    )
    return [_contact_row(contact) for contact in contacts]


def _contact_row(contact: Contact) -> ContactRow:
    access = next(iter(contact.unrevoked), None)  # type: ignore[attr-defined]
    is_open = (
        access is not None
        and contact.is_active
        and access.user.is_active
        and access.user.email == contact.email.strip().lower()
    )
    return ContactRow(contact, access, is_open)
