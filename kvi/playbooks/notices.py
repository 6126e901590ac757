"""The news about follow-ups, for those to whom they were given."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.notifications.models import Channel, Notification
from accounts.notifications.registry import Kind, Shown, register
from accounts.notifications.services import notify
from kvi.playbooks.models import FollowUp
from kvi.playbooks.queries import follow_ups_for

GIVEN, DETRACTOR = "follow_up", "detractor"


def given(follow_up: FollowUp, people: Sequence[User | None], *, entry: int, by: User | None) -> None:
    """Tell those to whom it was given; ``entry`` of the audit names the act."""
    kind = DETRACTOR if follow_up.source == FollowUp.Source.RESPONSE and by is None else GIVEN
    for person in people:
        notify(person, kind, key=f"follow_up:{entry}", by=by, customer=follow_up.customer, target=follow_up.pk)


def shown(rows: Sequence[Notification], reader: User) -> dict[int, Shown]:
    found = follow_ups_for(reader).in_bulk([row.target for row in rows])
    return {row.pk: _shown(found[row.target], row.kind) for row in rows if row.target in found}


def _shown(row: FollowUp, kind: str) -> Shown:
    sentence = (
        _("%(customer)s: an unhappy answer. Call back by %(due)s.")
        if kind == DETRACTOR
        else _("%(customer)s: a follow-up is yours, due %(due)s: %(what)s")
    )
    due = date_format(timezone.localtime(row.due_at), "SHORT_DATETIME_FORMAT")
    names = {"customer": row.customer.name, "due": due, "what": str(row)}
    return Shown(sentence % names, row.get_absolute_url())


register(Kind(DETRACTOR, gettext_lazy("An unhappy answer from a customer of mine"), shown, Channel.MAIL))
register(Kind(GIVEN, gettext_lazy("A follow-up is given to me"), shown))
