"""Tables of several rooms' numbers; sorting by a number asks the same scorecard that fills the column."""

from collections.abc import Sequence
from functools import partial
from operator import itemgetter
from typing import Any

import django_tables2 as tables
from django.contrib.postgres.fields import ArrayField
from django.core.paginator import Paginator
from django.db.models import BigIntegerField, F, Func, QuerySet, Value
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from cs_portal.metrics.base import Period, Reading
from cs_portal.metrics.display import display, reason_text

from .numbers import LIST_CODES, Numbers, numbers_of

PER_PAGE = 25


def clipped(field: str, more: str = "") -> dict[str, Any]:
    """A name on one line; the whole of it in the tip, and on a phone."""
    return {"td": {"class": f"clip {more}".strip(), "title": lambda record: _text(record, field)}}


def _text(record: Customer, field: str) -> str | None:
    value = getattr(record, field)
    return str(value) if value else None


NUMERIC = {"td": {"class": "text-end text-nowrap cs-number"}, "th": {"class": "text-end"}}


class Pages(Paginator):  # type: ignore[type-arg]
    """As long as we say: ``?per_page=`` would measure any number of customers at once."""

    def __init__(self, rows: Any, _asked_for: Any, **options: Any) -> None:
        super().__init__(rows, PER_PAGE, **options)


class ReadingColumn(tables.Column):
    """A metric of the row's customer."""

    def __init__(self, metric: str, **options: Any) -> None:
        super().__init__(empty_values=(), attrs=NUMERIC, **options)
        self.metric = metric

    def render(self, record: Customer, table: "NumbersTable") -> str:
        return shown(table.numbers.get(record.external_id, {}).get(self.metric))


class NumbersTable(tables.Table):
    """Measures only the customers of the page that is shown."""

    codes: Sequence[str] = ()

    def __init__(self, *args: Any, period: Period, **kwargs: Any) -> None:
        self.period = period
        self.numbers: dict[str, Numbers] = {}
        for name, column in self.base_columns.items():
            if isinstance(column, ReadingColumn):
                setattr(self, f"order_{name}", partial(self.by_number, column.metric))
        super().__init__(*args, **kwargs)

    def by_number(
        self, metric: str, customers: QuerySet[Customer], is_descending: bool
    ) -> tuple[QuerySet[Customer], bool]:
        """Sort by the exact value; customers without one come last, by name."""
        numbers = numbers_of(list(customers), [metric.partition(":")[0]], self.period)
        known = []
        for customer in customers:
            reading = numbers.get(customer.external_id, {}).get(metric)
            if reading is not None and reading.value is not None:
                known.append((reading.value, customer.pk))
        ranked = [pk for _value, pk in sorted(known, key=itemgetter(0), reverse=is_descending)]
        return in_order(customers, ranked), True

    def measure_page(self) -> None:
        self.numbers = numbers_of([row.record for row in self.paginated_rows], self.codes, self.period)


class CustomerTable(NumbersTable):
    codes = LIST_CODES

    name = tables.Column(linkify=True, order_by=("sort_name", "pk"), verbose_name=_("Customer"), attrs=clipped("name"))
    segment = tables.Column(verbose_name=_("Segment"), default="", attrs=clipped("segment", "clip-narrow"))
    phase = tables.Column(verbose_name=_("Phase"), default="")
    owner = tables.Column(
        verbose_name=_("Owner"),
        order_by=("owner__name", "sort_name"),
        default="",
        attrs=clipped("owner", "clip-narrow whole"),
    )
    mrr = ReadingColumn("mrr", verbose_name=_("MRR"))
    goals = tables.Column(accessor="agreed_goals", verbose_name=_("Agreed goals"), attrs=NUMERIC)
    attainment = ReadingColumn("customer_value_score:collective", verbose_name=_("Goal attainment"))
    nps = ReadingColumn("nps", verbose_name=_("NPS"))

    class Meta:
        attrs = {"class": "table list"}
        template_name = "dashboards/_table.html"
        order_by = ("name",)
        empty_text = ""

    def render_phase(self, record: Customer) -> str:
        return record.get_phase_display()


class RevenueTable(NumbersTable):
    codes = ("mrr", "arr")

    name = tables.Column(linkify=True, order_by=("sort_name", "pk"), verbose_name=_("Customer"), attrs=clipped("name"))
    segment = tables.Column(verbose_name=_("Segment"), default="", attrs=clipped("segment", "clip-narrow"))
    mrr = ReadingColumn("mrr", verbose_name=_("MRR"))
    arr = ReadingColumn("arr", verbose_name=_("ARR"))

    class Meta:
        attrs = {"class": "table list"}
        template_name = "dashboards/_table.html"
        order_by = ("-mrr",)


def shown(reading: Reading | None) -> str:
    """The displayed value; a dash that says why to those who listen."""
    if reading is not None and reading.value is not None:
        return display(reading, get_language() or "en")
    why = reason_text(reading.reason if reading else "no_data", get_language() or "en")
    return format_html('<span class="text-secondary">—<span class="visually-hidden"> ({})</span></span>', why)


def in_order(customers: QuerySet[Customer], ranked: Sequence[int]) -> QuerySet[Customer]:
    """The customers in the given order of ids; those that are not in it come last, by name."""
    places = Value(list(ranked), output_field=ArrayField(BigIntegerField()))
    place = Func(places, "pk", function="array_position", output_field=BigIntegerField())
    return customers.annotate(place=place).order_by(F("place").asc(nulls_last=True), "sort_name", "pk")
