"""Tables of several rooms' numbers; sorting by a number asks the same scorecard that fills the column."""

from collections.abc import Sequence
from functools import partial
from operator import itemgetter
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Func, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from cs_portal.kit.lists.columns import CountColumn, DayColumn, NameColumn, WordColumn
from cs_portal.kit.lists.readings import ReadingColumn
from cs_portal.kit.lists.tables import ListTable
from cs_portal.metrics.base import Period, Reading

from .numbers import Numbers, numbers_of


class MetricColumn(ReadingColumn):
    """A metric of the row's customer."""

    def reading(self, record: Customer, table: "NumbersTable") -> Reading | None:
        return table.numbers.get(record.external_id, {}).get(self.metric)


class FlagColumn(MetricColumn):
    """A metric that is 1 or 0: yes or no on the page, the number in a file."""

    def render(self, record: Customer, table: "NumbersTable") -> str:
        found = self.reading(record, table)
        if found is None or found.value is None:
            return super().render(record, table)
        return str(_("Yes") if found.value else _("No"))


class NumbersTable(ListTable):
    """Measures only the customers and the columns that are shown."""

    period: Period

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.numbers: dict[str, Numbers] = {}
        for name, column in self.base_columns.items():
            if isinstance(column, MetricColumn):
                setattr(self, f"order_{name}", partial(self.by_number, column.metric))
        super().__init__(*args, **kwargs)

    def by_number(
        self, metric: str, customers: QuerySet[Customer], is_descending: bool
    ) -> tuple[QuerySet[Customer], bool]:
        """Sort by the exact value; customers without one come last, by name."""
        numbers = numbers_of(list(customers), [code_of(metric)], self.period)
        known = []
        for customer in customers:
            reading = numbers.get(customer.external_id, {}).get(metric)
            if reading is not None and reading.value is not None:
                known.append((reading.value, customer.pk))
        ranked = [pk for _value, pk in sorted(known, key=itemgetter(0), reverse=is_descending)]
        return in_order(customers, ranked), True

    def prepare(self, records: Sequence[Customer]) -> None:
        visible = [one.column for one in self.columns.itervisible() if isinstance(one.column, MetricColumn)]
        codes = sorted({code_of(column.metric) for column in visible})
        self.numbers = numbers_of(records, codes, self.period) if codes else {}


def code_of(metric: str) -> str:
    return metric.partition(":")[0]


class CustomerTable(NumbersTable):
    name = NameColumn(linkify=True, order_by=("sort_name", "pk"), verbose_name=_("Customer"))
    segment = NameColumn(verbose_name=_("Segment"), narrow=True)
    phase = WordColumn(verbose_name=_("Phase"))
    owner = NameColumn(verbose_name=_("Owner"), order_by=("owner__name", "sort_name"), narrow=True)
    mrr = MetricColumn("mrr", verbose_name=_("MRR"))
    goals = CountColumn(accessor="agreed_goals", verbose_name=_("Agreed goals"))
    attainment = MetricColumn("customer_value_score:collective", verbose_name=_("Goal attainment"))
    individual = MetricColumn(
        "customer_value_score:individual", verbose_name=_("Attainment, individual goals"), visible=False
    )
    nps = MetricColumn("nps", verbose_name=_("NPS"))
    industry = NameColumn(verbose_name=_("Industry"), visible=False, narrow=True)
    country = WordColumn(verbose_name=_("Country"), visible=False)
    language = WordColumn(verbose_name=_("Language"), visible=False)
    onboarding = DayColumn(accessor="onboarding_start", verbose_name=_("Onboarding since"), visible=False)
    number = WordColumn(accessor="external_id", verbose_name=_("Customer number"), visible=False)

    class Meta(ListTable.Meta):
        order_by = ("name",)


class RevenueTable(NumbersTable):
    name = NameColumn(linkify=True, order_by=("sort_name", "pk"), verbose_name=_("Customer"))
    segment = NameColumn(verbose_name=_("Segment"), narrow=True)
    owner = NameColumn(verbose_name=_("Owner"), order_by=("owner__name", "sort_name"), narrow=True, visible=False)
    mrr = MetricColumn("mrr", verbose_name=_("MRR"))
    arr = MetricColumn("arr", verbose_name=_("ARR"))
    number = WordColumn(accessor="external_id", verbose_name=_("Customer number"), visible=False)

    class Meta(ListTable.Meta):
        order_by = ("-mrr",)


class SupportTable(NumbersTable):
    name = NameColumn(linkify=True, order_by=("sort_name", "pk"), verbose_name=_("Customer"))
    segment = NameColumn(verbose_name=_("Segment"), narrow=True)
    owner = NameColumn(verbose_name=_("Owner"), order_by=("owner__name", "sort_name"), narrow=True, visible=False)
    opened = MetricColumn("tickets_opened", verbose_name=_("Tickets opened"))
    closed = MetricColumn("tickets_closed", verbose_name=_("Tickets closed"), visible=False)
    still_open = MetricColumn("open_tickets", verbose_name=_("Still open"))
    per_user = MetricColumn("tickets_per_user", verbose_name=_("Per user"))
    median = MetricColumn("median_ticket_time", verbose_name=_("Median time, hours"))
    mean = MetricColumn("average_ticket_time", verbose_name=_("Average time, hours"), visible=False)
    slowest = MetricColumn("p90_ticket_time", verbose_name=_("Nine of ten solved within, hours"), visible=False)
    first_contact = MetricColumn("first_contact_resolution", verbose_name=_("First contact resolution"))
    number = WordColumn(accessor="external_id", verbose_name=_("Customer number"), visible=False)

    class Meta(ListTable.Meta):
        order_by = ("-still_open",)


class OnboardingTable(NumbersTable):
    name = NameColumn(linkify=True, order_by=("sort_name", "pk"), verbose_name=_("Customer"))
    segment = NameColumn(verbose_name=_("Segment"), narrow=True)
    phase = WordColumn(verbose_name=_("Phase"), visible=False)
    owner = NameColumn(verbose_name=_("Owner"), order_by=("owner__name", "sort_name"), narrow=True)
    score = MetricColumn("onboarding_score", verbose_name=_("Onboarding score"))
    activated = FlagColumn("activated", verbose_name=_("Activated"))
    time = MetricColumn("time_to_activation", verbose_name=_("Days to activation"))
    stuck = MetricColumn("stuck_steps", verbose_name=_("Stuck steps"))
    number = WordColumn(accessor="external_id", verbose_name=_("Customer number"), visible=False)

    class Meta(ListTable.Meta):
        order_by = ("-stuck",)


def in_order(customers: QuerySet[Customer], ranked: Sequence[int]) -> QuerySet[Customer]:
    """The customers in the given order of ids; those that are not in it come last, by name."""
    places = Value(list(ranked), output_field=ArrayField(BigIntegerField()))
    place = Func(places, "pk", function="array_position", output_field=BigIntegerField())
    return customers.annotate(place=place).order_by(F("place").asc(nulls_last=True), "sort_name", "pk")
