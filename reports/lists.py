"""The list of value reports."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Count, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.access import Viewer
from accounts.lists.columns import CustomerColumn, SegmentColumn
from accounts.lists.fields import customer_fields, listing
from cs_portal.kit.lists.base import List, register
from cs_portal.kit.lists.columns import DayColumn, FragmentColumn, MomentColumn, NameColumn, WordColumn
from cs_portal.kit.lists.conditions import Field
from cs_portal.kit.lists.filters import Choices, ListFilter, in_segment, owned, owner_choices, segment_choices
from cs_portal.kit.lists.tables import ListTable
from reports.models import ReportState, ValueReport
from reports.queries import reports_for

LANGUAGES = (("de", _("German")), ("en", _("English")))


class ReportFilter(ListFilter):
    state = django_filters.ChoiceFilter(choices=ReportState.choices, label=_("State"), widget=forms.HiddenInput)
    segment = django_filters.ChoiceFilter(method="in_segment", label=_("Segment"), empty_label=_("All segments"))
    owner = django_filters.ChoiceFilter(method="owned", label=_("Owner"), empty_label=_("All owners"))

    class Meta:
        model = ValueReport
        fields = ("state", "segment", "owner")

    def segment_choices(self, rows: QuerySet[ValueReport]) -> Choices:
        return segment_choices(rows, "customer__segment")

    def owner_choices(self, rows: QuerySet[ValueReport]) -> Choices:
        return owner_choices(rows, "customer__owner")

    def in_segment(self, rows: QuerySet[ValueReport], _name: str, value: str) -> QuerySet[ValueReport]:
        return in_segment(rows, value, "customer__segment")

    def owned(self, rows: QuerySet[ValueReport], _name: str, value: str) -> QuerySet[ValueReport]:
        return owned(rows, value, self.user, "customer__owner")

    def tabs(self) -> tuple[list[tuple[str, Any, int]], int]:
        """How many reports there are in each state that occurs; one query."""
        counts = dict(self.queryset.order_by().values_list("state").annotate(n=Count("pk")))
        found = [(key, name, counts[key]) for key, name in ReportState.choices if counts.get(key)]
        return found, sum(counts.values())


class ReportTable(ListTable):
    period = NameColumn(
        accessor="period_start", linkify=lambda record: record.get_absolute_url(), verbose_name=_("Period"),
        order_by=("period_end", "period_start"), attrs={"td": {"class": "text-nowrap"}},
    )  # fmt: skip
    customer = CustomerColumn()
    segment = SegmentColumn()
    owner = NameColumn(
        accessor="customer__owner", verbose_name=_("Owner"), order_by=("customer__owner__name",), narrow=True
    )
    language = WordColumn(verbose_name=_("Language"))
    state = FragmentColumn("reports/_list_state.html", name="report", verbose_name=_("State"), order_by=("state",))
    first = DayColumn(accessor="period_start", verbose_name=_("First day"), visible=False)
    last = DayColumn(accessor="last_day", verbose_name=_("Last day"), visible=False, order_by=("period_end",))
    issued = MomentColumn(accessor="issued_at", verbose_name=_("Issued on"), visible=False)
    made_by = NameColumn(
        accessor="created_by", verbose_name=_("Made by"), order_by=("created_by__name",), narrow=True, visible=False
    )
    hash = WordColumn(accessor="content_hash", verbose_name=_("Hash of the content"), visible=False)
    number = WordColumn(accessor="customer__external_id", verbose_name=_("Customer number"), visible=False)

    class Meta(ListTable.Meta):
        order_by = ("-period",)

    def render_period(self, record: ValueReport) -> str:
        return " – ".join(date_format(day, "SHORT_DATE_FORMAT") for day in (record.period_start, record.last_day))

    def value_period(self, record: ValueReport) -> str:
        return self.render_period(record)

    def render_language(self, record: ValueReport) -> str:
        return record.language.upper()


def report_rows(user: Viewer) -> QuerySet[ValueReport]:
    return reports_for(user).filter(customer__archived_at__isnull=True)


REPORTS = register(
    List(
        "reports", _("Reports"), "reports:reports", ReportTable, ReportFilter, report_rows, files="reports:reports",
        fields=(
            Field("state", _("State"), "choice", "state", listing(ReportState.choices)),
            Field("language", _("Language"), "choice", "language", listing(LANGUAGES)),
            Field("first", _("First day"), "day", "period_start"),
            Field("end", _("Day after the last"), "day", "period_end"),
            Field("issued", _("Issued on"), "moment", "issued_at"),
            Field("alone", _("Not released by the customer"), "flag", "issued_without_customer"),
            *customer_fields("customer__", prefix="customer-"),
        ),
    )
)  # fmt: skip
