"""The filter of the follow-ups: in the URL, the same for page and file, never wider than the gate."""

from datetime import datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import workspace_settings
from kvi.playbooks.models import FollowUp
from kvi.scorecard import today

NOBODY, ALL = "-", "all"
STATES = [
    ("open", _("Open")),
    ("quiet", _("Quiet")),
    ("done", _("Done")),
    ("cancelled", _("Cancelled")),
    (ALL, _("All")),
]
DUE = [("overdue", _("Overdue")), ("today", _("By tonight")), ("week", _("Within 7 days"))]


class FollowUpFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(method="in_state", label=_("State"), choices=STATES, empty_label=None)
    owner = django_filters.ChoiceFilter(method="owned", label=_("Owner"), empty_label=_("All owners"))
    due = django_filters.ChoiceFilter(method="due_by", label=_("Due"), choices=DUE, empty_label=_("Any time"))
    customer = django_filters.ChoiceFilter(method="at", label=_("Customer"), empty_label=_("All customers"))

    class Meta:
        model = FollowUp
        fields = ("state", "owner", "due", "customer")

    def __init__(self, data: Any, *, queryset: QuerySet[FollowUp], user: User) -> None:
        data = data.copy()
        data.setdefault("state", "open")
        super().__init__(data, queryset=queryset)
        self.user = user
        seen = queryset.order_by()
        customers = seen.values_list("customer__sort_name", "customer__public_id", "customer__name").distinct()
        owners = seen.exclude(owner=None).values_list("owner__public_id", "owner__name", "owner__email").distinct()
        named = sorted(((str(key), name or email) for key, name, email in owners), key=lambda pair: pair[1].casefold())
        for filter_ in self.filters.values():
            filter_.extra["widget"] = forms.Select(attrs={"class": "form-select", "data-autosubmit": True})
        self.filters["owner"].extra["choices"] = [("me", _("Me")), *named, (NOBODY, _("Nobody"))]
        self.filters["customer"].extra["choices"] = [(str(key), name) for _sort, key, name in sorted(customers)]

    @property
    def chosen(self) -> QuerySet[FollowUp]:
        """By due time, sorted the other way with ``sort=-due``; nothing is found by a filter that means nothing."""
        found: QuerySet[FollowUp] = self.qs if self.is_valid() else self.queryset.none()
        return found.order_by("-due_at", "-pk") if self.latest_first else found.order_by("due_at", "pk")

    @property
    def latest_first(self) -> bool:
        return bool(self.data.get("sort") == "-due")

    @property
    def is_used(self) -> bool:
        return self.data.get("state") != "open" or any(self.data.get(name) for name in ("owner", "due", "customer"))

    def in_state(self, rows: QuerySet[FollowUp], _name: str, value: str) -> QuerySet[FollowUp]:
        if value == "quiet":
            return rows.filter(state="open", snoozed_until__gt=today(workspace_settings()))
        return rows if value == ALL else rows.filter(state=value)

    def owned(self, rows: QuerySet[FollowUp], _name: str, value: str) -> QuerySet[FollowUp]:
        if value == NOBODY:
            return rows.filter(owner=None)
        return rows.filter(owner=self.user) if value == "me" else rows.filter(owner__public_id=value)

    def due_by(self, rows: QuerySet[FollowUp], _name: str, value: str) -> QuerySet[FollowUp]:
        midnight = timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=1), time()))
        until = {"overdue": timezone.now(), "today": midnight, "week": midnight + timedelta(days=7)}[value]
        return rows.filter(due_at__lt=until)

    def at(self, rows: QuerySet[FollowUp], _name: str, value: str) -> QuerySet[FollowUp]:
        return rows.filter(customer__public_id=value)
