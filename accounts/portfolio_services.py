"""Who looks after customers, for several at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import WRITES_ALL
from accounts.audit.services import record
from accounts.models import Customer, Role, User


@transaction.atomic
def change_owners(customers: Sequence[Customer], *, owner: User, by: User) -> dict[int, dict[str, Any]]:
    """Give the customers to somebody who looks after customers; returns who had those that changed hands.

    Raises ValidationError for anybody else.
    """
    _check(by)
    owner = User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    if not owner.is_active or owner.role not in (Role.ADMIN, Role.LEAD, Role.CSM):
        raise ValidationError(_("Please choose a colleague who looks after customers."))
    given = {}
    for customer in _locked([customer.pk for customer in customers]):
        if customer.owner_id != owner.pk:
            given[customer.pk] = {"owner": customer.owner_id, "given": owner.pk}
            _give(customer, owner.pk, by)
    return given


@transaction.atomic
def give_back(before: Mapping[int, Mapping[str, Any]], *, by: User) -> int:
    """Those that nobody gave away since go back to whoever had them; returns how many."""
    _check(by)
    returned = [customer for customer in _locked(list(before)) if customer.owner_id == before[customer.pk]["given"]]
    for customer in returned:
        _give(customer, before[customer.pk]["owner"], by)
    return len(returned)


def _check(by: User) -> None:
    if by.role not in WRITES_ALL:
        raise PermissionDenied


def _locked(ids: Sequence[int]) -> list[Customer]:
    return list(Customer.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _give(customer: Customer, owner: int | None, by: User) -> None:
    record("customer.owner_changed", by=by, target=customer, before=customer.owner_id, after=owner)
    customer.owner_id = owner
    customer.save(update_fields=["owner"])
