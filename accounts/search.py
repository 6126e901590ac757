"""What of this room can be found."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Viewer, customers_for
from accounts.models import Contact, Customer, User
from accounts.staff.queries import colleagues
from cs_portal.kit.search import Hit, Kind, find


def _contacts(user: Viewer) -> QuerySet[Contact]:
    return Contact.objects.filter(customer__in=customers_for(user)).select_related("customer")


def _colleagues(_user: Viewer) -> QuerySet[User]:
    return colleagues()


def _customer(customer: Customer) -> Hit:
    """An archived one is found too: its page is the way back."""
    detail = gettext("Archived") if customer.archived_at else customer.segment
    return Hit(customer.name, customer.get_absolute_url(), detail)


def _contact(contact: Contact) -> Hit:
    detail = " · ".join(filter(None, [contact.customer.name, contact.role]))
    return Hit(str(contact), f"{contact.customer.get_absolute_url()}#contacts", detail)


def _person(person: Any) -> Hit:
    return Hit(str(person), reverse("person", args=[person.public_id]), person.get_role_display())


find(
    Kind("customers", _("Customers"), "building", 1, customers_for, ("name",), _customer),
    Kind("contacts", _("Contacts"), "user", 2, _contacts, ("name", "email"), _contact, beside=("customer__name",)),
    Kind(
        "people", _("People"), "users", 8, _colleagues, ("name", "email"), _person,
        roles=frozenset({"admin", "lead"}),  # who may open the page of people
    ),
)  # fmt: skip
