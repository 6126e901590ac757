"""Handing over what a person holds to one or several others."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.audit.services import record
from accounts.models import Customer, User
from accounts.staff.queries import receivers
from accounts.staff.registry import PARTS

from .people import deactivate
from .shared import locked, require_admin

Given = dict[str, dict[str, list[int]]]


@transaction.atomic
def hand_over(
    person: User, *, to: Sequence[User], customers: Mapping[int, User], by: User, then_deactivate: bool = False
) -> int:
    """Give everything the person holds away, all or nothing; returns how many rows moved.

    ``customers`` names the new owner of each customer of the person; goals, indicators, reports and whatever else a
    room has registered follow their customer, the rest goes to the first of ``to``. Raises ValidationError for a
    receiver without the right to write, and when the person's customers are not those that were shown.
    """
    require_admin(by)
    person = locked(person)
    _check_receivers(person, {user.pk for user in (*to, *customers.values())})
    _check_customers(person, set(customers))
    given: Given = defaultdict(dict)
    for receiver in {user.pk: user for user in customers.values()}.values():
        theirs = [pk for pk, user in customers.items() if user.pk == receiver.pk]
        _give({part.name: part.of(person, theirs) for part in PARTS.values()}, receiver, given)
    _give({part.name: part.rows(person) for part in PARTS.values()}, to[0], given)
    record("person.handed_over", by=by, target=person, given=given)
    if then_deactivate:
        deactivate(person, by=by)
    return sum(len(ids) for parts in given.values() for ids in parts.values())


def _give(rows: dict[str, QuerySet[Any]], receiver: User, given: Given) -> None:
    for name, found in rows.items():
        ids = list(found.order_by("pk").values_list("pk", flat=True))
        if ids:
            found.model._default_manager.filter(pk__in=ids).update(**{PARTS[name].owner: receiver})
            PARTS[name].settle(ids, receiver)
            given[str(receiver.pk)][name] = given[str(receiver.pk)].get(name, []) + ids


def _check_receivers(person: User, wanted: set[int]) -> None:
    allowed = set(receivers(person).select_for_update(no_key=True).values_list("pk", flat=True))
    if not wanted or wanted - allowed:
        raise ValidationError(
            _("Please choose active colleagues who may write: administrators, leads or customer success managers."),
            code="receiver",
        )


def _check_customers(person: User, shown: set[int]) -> None:
    owned = Customer.objects.select_for_update().filter(owner=person).order_by("pk")
    if set(owned.values_list("pk", flat=True)) != shown:
        raise ValidationError(
            _("The customers of this person have changed meanwhile. Please look at the preview again."), code="changed"
        )
