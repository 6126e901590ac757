"""The filters of the follow-ups: in the URL, the same for page and file, never wider than the gate."""

from datetime import datetime, time, timedelta

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.services import workspace_settings
from cs_portal.kit.lists.filters import Choices, ListFilter, in_segment, owned, owner_choices, segment_choices
from kvi.playbooks.models import FollowUp
from kvi.scorecard import today

ALL = "all"
STATES = [("open", _("Open")), ("quiet", _("Quiet")), ("done", _("Done")), ("cancelled", _("Cancelled")),
          (ALL, _("All"))]  # fmt: skip
DUE = [("overdue", _("Overdue")), ("today", _("By tonight")), ("week", _("Within 7 days"))]


class FollowUpFilter(ListFilter):
    defaults = {"state": "open"}

    state = django_filters.ChoiceFilter(method="in_state", label=_("State"), choices=STATES, empty_label=None)
    owner = django_filters.ChoiceFilter(method="owned", label=_("Owner"), empty_label=_("All owners"))
    due = django_filters.ChoiceFilter(method="due_by", label=_("Due"), choices=DUE, empty_label=_("Any time"))
    segment = django_filters.ChoiceFilter(method="in_segment", label=_("Segment"), empty_label=_("All segments"))
    customer = django_filters.ChoiceFilter(method="at", label=_("Customer"), empty_label=_("All customers"))

    class Meta:
        model = FollowUp
        fields = ("state", "owner", "due", "segment", "customer")

    def owner_choices(self, rows: QuerySet[FollowUp]) -> Choices:
        return owner_choices(rows)

    def segment_choices(self, rows: QuerySet[FollowUp]) -> Choices:
        return segment_choices(rows, "customer__segment")

    def customer_choices(self, rows: QuerySet[FollowUp]) -> Choices:
        found = rows.values_list("customer__sort_name", "customer__public_id", "customer__name").distinct()
        return [(str(key), name) for _sort, key, name in sorted(found)]

    def in_state(self, rows: QuerySet[FollowUp], _name: str, value: str) -> QuerySet[FollowUp]:
        if value == "quiet":
            return rows.filter(state="open", snoozed_until__gt=today(workspace_settings()))
        return rows if value == ALL else rows.filter(state=value)

    def owned(self, rows: QuerySet[FollowUp], _name: str, value: str) -> QuerySet[FollowUp]:
        return owned(rows, value, self.user)

    def in_segment(self, rows: QuerySet[FollowUp], _name: str, value: str) -> QuerySet[FollowUp]:
        return in_segment(rows, value, "customer__segment")

    def due_by(self, rows: QuerySet[FollowUp], _name: str, value: str) -> QuerySet[FollowUp]:
        midnight = timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=1), time()))
        until = {"overdue": timezone.now(), "today": midnight, "week": midnight + timedelta(days=7)}[value]
        return rows.filter(due_at__lt=until)

    def at(self, rows: QuerySet[FollowUp], _name: str, value: str) -> QuerySet[FollowUp]:
        return rows.filter(customer__public_id=value)
