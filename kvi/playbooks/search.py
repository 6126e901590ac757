"""What of this room can be found, and begun at a customer."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from cs_portal.kit.search import Action, Hit, Kind, begin, find
from kvi.playbooks.models import FollowUp
from kvi.playbooks.queries import follow_ups_for


def _follow_up(row: FollowUp) -> Hit:
    parts = (row.customer.name, row.get_state_display(), date_format(localtime(row.due_at), "SHORT_DATE_FORMAT"))
    return Hit(str(row), row.get_absolute_url(), " · ".join(map(str, parts)))


find(
    Kind(
        "follow_ups", _("Follow-ups"), "checks", 5, follow_ups_for,
        ("reason", "customer__name"), _follow_up,  # one after an answer has no reason of its own
    ),
)  # fmt: skip
begin(Action(_("New follow-up"), "playbooks:follow_up_new", "checks"))
