"""The list of follow-ups."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.access import Viewer
from accounts.lists.columns import CustomerColumn, SegmentColumn
from accounts.lists.fields import customer_fields, listing, people_at
from cs_portal.kit.lists.base import List, register
from cs_portal.kit.lists.columns import FragmentColumn, MomentColumn, NameColumn, WordColumn
from cs_portal.kit.lists.conditions import Field
from cs_portal.kit.lists.tables import ListTable
from kvi.playbooks.bulk import ASSIGN, CLOSE, SNOOZE
from kvi.playbooks.filters import FollowUpFilter
from kvi.playbooks.models import FollowUp
from kvi.playbooks.queries import follow_ups_for


class FollowUpTable(ListTable):
    reason = NameColumn(
        accessor="pk", linkify=lambda record: record.get_absolute_url(), verbose_name=_("What is to be done"),
        order_by=("reason", "source"), attrs={"td": {"class": "said cell-main"}},
    )  # fmt: skip
    customer = CustomerColumn()
    segment = SegmentColumn()
    owner = NameColumn(verbose_name=_("Owner"), order_by=("owner__name",), narrow=True)
    deputy = NameColumn(verbose_name=_("Deputy"), order_by=("deputy__name",), narrow=True, visible=False)
    source = WordColumn(verbose_name=_("Source"), visible=False)
    due = MomentColumn(accessor="due_at", verbose_name=_("Due"))
    state = FragmentColumn("playbooks/_state.html", name="follow_up", verbose_name=_("State"), orderable=False)
    note = NameColumn(verbose_name=_("Note"), visible=False, orderable=False)
    closed = MomentColumn(accessor="closed_at", verbose_name=_("Closed"), visible=False)
    closed_by = NameColumn(verbose_name=_("Closed by"), narrow=True, visible=False, order_by=("closed_by__name",))
    number = WordColumn(accessor="customer__external_id", verbose_name=_("Customer number"), visible=False)

    class Meta(ListTable.Meta):
        order_by = ("due",)

    def render_reason(self, record: FollowUp) -> str:
        return str(record)

    def value_reason(self, record: FollowUp) -> str:
        return str(record)


def follow_up_rows(user: Viewer) -> QuerySet[FollowUp]:
    return follow_ups_for(user).filter(customer__archived_at__isnull=True)


FOLLOW_UPS = register(
    List(
        "follow-ups", _("Follow-ups"), "playbooks:follow_ups", FollowUpTable, FollowUpFilter, follow_up_rows,
        files="playbooks:follow_ups", actions=(ASSIGN, SNOOZE, CLOSE),
        fields=(
            Field("reason", _("What is to be done"), "text", "reason"),
            Field("state", _("State"), "choice", "state", listing(FollowUp.State.choices)),
            Field("outcome", _("Outcome"), "choice", "outcome", listing(FollowUp.Outcome.choices)),
            Field("source", _("Source"), "choice", "source", listing(FollowUp.Source.choices)),
            Field("due", _("Due"), "moment", "due_at"),
            Field("quiet", _("Quiet until"), "day", "snoozed_until"),
            Field("owner", _("Owner"), "person", "owner__public_id", people_at("owner")),
            Field("deputy", _("Deputy"), "person", "deputy__public_id", people_at("deputy")),
            *customer_fields("customer__", prefix="customer-"),
        ),
    )
)  # fmt: skip
