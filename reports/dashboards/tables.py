"""Tables of several rooms' numbers; sorting by a number asks the same scorecard that fills the column."""

from collections.abc import Sequence
from typing import Any

import django_tables2 as tables
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Func, QuerySet, Value
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from cs_portal.metrics.base import Period, Reading
from cs_portal.metrics.display import display, reason_text

from .numbers import LIST_CODES, Numbers, numbers_of

NUMERIC = {"td": {"class": "text-end text-nowrap cs-number"}, "th": {"class": "text-end"}}


class ReadingColumn(tables.Column):
    """A metric of the row's customer; sorts by its exact value, empty ones last."""

    def __init__(self, metric: str, **options: Any) -> None:
        super().__init__(empty_values=(), attrs=NUMERIC, **options)
        self.metric = metric

    def render(self, record: Customer, table: "NumbersTable") -> str:
        return shown(table.numbers.get(record.external_id, {}).get(self.metric))

    def order(self, queryset: QuerySet[Customer], is_descending: bool) -> tuple[QuerySet[Customer], bool]:
        customers = list(queryset)
        numbers = numbers_of(customers, [self.metric.partition(":")[0]], self._table.period)  # type: ignore[attr-defined]
        valued = [(numbers.get(customer.external_id, {}).get(self.metric), customer.pk) for customer in customers]
        known = [(reading.value, pk) for reading, pk in valued if reading is not None and reading.value is not None]
        ranked = [pk for _value, pk in sorted(known, key=lambda pair: pair[0], reverse=is_descending)]
        return in_order(queryset, ranked), True


class NumbersTable(tables.Table):
    """Measures only the customers of the page that is shown."""

    codes: Sequence[str] = ()

    def __init__(self, *args: Any, period: Period, **kwargs: Any) -> None:
        self.period = period
        self.numbers: dict[str, Numbers] = {}
        super().__init__(*args, **kwargs)

    def measure_page(self) -> None:
        self.numbers = numbers_of([row.record for row in self.paginated_rows], self.codes, self.period)


class CustomerTable(NumbersTable):
    codes = LIST_CODES

    name = tables.Column(linkify=True, order_by=("sort_name", "pk"), verbose_name=_("Customer"))
    segment = tables.Column(verbose_name=_("Segment"), default="")
    phase = tables.Column(verbose_name=_("Phase"), default="")
    owner = tables.Column(verbose_name=_("Owner"), order_by=("owner__name", "sort_name"), default="")
    mrr = ReadingColumn("mrr", verbose_name=_("MRR"))
    goals = tables.Column(accessor="agreed_goals", verbose_name=_("Agreed goals"), attrs=NUMERIC)
    attainment = ReadingColumn("customer_value_score:collective", verbose_name=_("Goal attainment"))
    nps = ReadingColumn("nps", verbose_name=_("NPS"))

    class Meta:
        attrs = {"class": "table table-vcenter card-table"}
        template_name = "dashboards/_table.html"
        order_by = ("name",)
        empty_text = ""

    def render_phase(self, record: Customer) -> str:
        return record.get_phase_display()


class RevenueTable(NumbersTable):
    codes = ("mrr", "arr")

    name = tables.Column(linkify=True, order_by=("sort_name", "pk"), verbose_name=_("Customer"))
    segment = tables.Column(verbose_name=_("Segment"), default="")
    mrr = ReadingColumn("mrr", verbose_name=_("MRR"))
    arr = ReadingColumn("arr", verbose_name=_("ARR"))

    class Meta:
        attrs = {"class": "table table-vcenter card-table"}
        template_name = "dashboards/_table.html"
        order_by = ("-mrr",)


def shown(reading: Reading | None) -> str:
    """The displayed value; a dash that says why when there is none."""
    language = get_language() or "en"
    if reading is None:
        return "—"
    if reading.value is None:
        return format_html('<span title="{}">—</span>', reason_text(reading.reason, language))
    return display(reading, language)


def in_order(customers: QuerySet[Customer], ranked: Sequence[int]) -> QuerySet[Customer]:
    """The customers in the given order of ids; those that are not in it come last, by name."""
    places = Value(list(ranked), output_field=ArrayField(BigIntegerField()))
    place = Func(places, "pk", function="array_position", output_field=BigIntegerField())
    return customers.annotate(place=place).order_by(F("place").asc(nulls_last=True), "sort_name", "pk")
