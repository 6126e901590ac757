"""What can be done to several customers at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.access import WRITES_ALL, writable_customers_for
from accounts.models import Customer, Role, User
from accounts.portfolio_services import change_owners, give_back
from cs_portal.kit.forms import ChosenField
from cs_portal.kit.lists.actions import Action


class OwnerForm(forms.Form):
    owner = ChosenField(queryset=User.objects.none(), label=_("New owner"))

    def __init__(self, *args: Any, user: User, rows: Sequence[Customer], **options: Any) -> None:
        super().__init__(*args, **options)
        carers = User.objects.filter(is_active=True, role__in=(Role.ADMIN, Role.LEAD, Role.CSM))
        self.fields["owner"].queryset = carers.order_by("name", "email")  # type: ignore[attr-defined]


def _before(customer: Customer) -> str:
    return str(customer.owner or "")


def _after(_customer: Customer, values: Mapping[str, Any]) -> str:
    return str(values["owner"])


CHANGE_OWNER = Action(
    "owner", _("Change owner"), OwnerForm, writable_customers_for, _before, _after, change_owners, give_back,
    roles=frozenset(WRITES_ALL),
)  # fmt: skip
