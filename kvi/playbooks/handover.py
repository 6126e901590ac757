"""What of follow-ups a person holds: those that are open, as owner and as deputy."""

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.access import customers_for
from accounts.models import User
from accounts.staff.registry import Part, register
from kvi.playbooks.models import FollowUp


def _open() -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(state=FollowUp.State.OPEN).select_related("customer__owner")


def _settle(ids: list[int], receiver: User) -> None:
    """Nobody is both; and what the receiver cannot see waits for the customer's owner instead, unlost."""
    given = FollowUp.objects.filter(pk__in=ids)
    hidden = given.exclude(customer__in=customers_for(receiver).values("pk"))
    hidden.filter(owner=receiver).update(owner=None)
    hidden.filter(deputy=receiver).update(deputy=None)
    given.filter(owner=F("deputy")).update(deputy=None)


def _title(row: FollowUp) -> str:
    return f"{row} ({row.customer.name})"


register(
    Part(
        "follow_ups",
        _("Open follow-ups"),
        lambda person: _open().filter(owner=person),
        customer="customer",
        title=_title,
        settle=_settle,
    )
)
register(
    Part(
        "follow_ups_as_deputy",
        _("Open follow-ups as deputy"),
        lambda person: _open().filter(deputy=person),
        owner="deputy",
        customer="customer",
        title=_title,
        settle=_settle,
    )
)
