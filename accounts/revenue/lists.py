"""The lists of costs without a customer and of exchange rates."""

from decimal import Decimal
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from accounts.access import KEEPS_NUMBERS
from accounts.lists.fields import listing, occurring
from accounts.records.registry import kind_of
from accounts.revenue.models import Cost, ExchangeRate
from accounts.revenue.queries import exchange_rates, workspace_costs
from cs_portal.kit.lists.base import List, register
from cs_portal.kit.lists.columns import WHEN, DayColumn, NameColumn, WordColumn
from cs_portal.kit.lists.conditions import Field
from cs_portal.kit.lists.filters import Choices, ListFilter
from cs_portal.kit.lists.tables import ListTable

CURRENT, ARCHIVED = "current", "archived"
STATES = [(CURRENT, _("Current")), (ARCHIVED, _("Archived"))]


class ExactColumn(tables.Column):
    """A decimal as it was entered: no zeros behind, none left out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(attrs=WHEN, **options)

    def render(self, value: Decimal) -> str:
        return number_format(value.normalize() + 0, use_l10n=True, force_grouping=True)

    def value(self, value: Decimal) -> Decimal:
        return value


def record_url(record: Any) -> str:
    return reverse("money:edit", args=[kind_of(record).slug, record.public_id])


class MoneyFilter(ListFilter):
    """Current rows unless the archived ones are asked for."""

    defaults = {"state": CURRENT}

    state = django_filters.ChoiceFilter(method="in_state", label=_("State"), choices=STATES, empty_label=None)

    def in_state(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(archived_at__isnull=value == CURRENT)


class CostFilter(MoneyFilter):
    q = django_filters.CharFilter(method="said", label=_("Channel or comment"), max_length=100)
    category = django_filters.ChoiceFilter(choices=Cost.Category.choices, label=_("Category"), empty_label=_("All"))

    class Meta:
        model = Cost
        fields = ("q", "category", "state")

    def said(self, rows: QuerySet[Cost], _name: str, text: str) -> QuerySet[Cost]:
        return rows.filter(Q(channel__icontains=text) | Q(comment__icontains=text))


class RateFilter(MoneyFilter):
    currency = django_filters.ChoiceFilter(label=_("Currency"), empty_label=_("All"))

    class Meta:
        model = ExchangeRate
        fields = ("currency", "state")

    def currency_choices(self, rows: QuerySet[ExchangeRate]) -> Choices:
        found = rows.values_list("currency", flat=True).distinct()
        return [(code, code) for code in sorted(found)]


class CostTable(ListTable):
    category = NameColumn(linkify=record_url, verbose_name=_("Category"), attrs={"td": {"class": "said cell-main"}})
    date = DayColumn(verbose_name=_("Date"))
    amount = ExactColumn(verbose_name=_("Amount"))
    currency = WordColumn(verbose_name=_("Currency"))
    channel = NameColumn(verbose_name=_("Channel"), narrow=True)
    comment = NameColumn(verbose_name=_("Comment"), orderable=False)
    number = WordColumn(accessor="external_id", verbose_name=_("Number of the cost"), visible=False)

    class Meta(ListTable.Meta):
        order_by = ("-date",)

    def render_category(self, record: Cost) -> str:
        return str(record)

    def value_category(self, record: Cost) -> str:
        return str(record)


class RateTable(ListTable):
    currency = NameColumn(linkify=record_url, verbose_name=_("Currency"), attrs={"td": {"class": "said cell-main"}})
    valid_from = DayColumn(verbose_name=_("Valid from"))
    rate = ExactColumn(verbose_name=_("Rate"))

    class Meta(ListTable.Meta):
        order_by = ("currency", "-valid_from")


COSTS = register(
    List(
        "workspace-costs", _("Costs without a customer"), "money:costs", CostTable, CostFilter, workspace_costs,
        files="money:costs", roles=frozenset(KEEPS_NUMBERS),
        fields=(
            Field("date", _("Date"), "day", "date"),
            Field("category", _("Category"), "choice", "category", listing(Cost.Category.choices)),
            Field("amount", _("Amount"), "number", "amount"),
            Field("currency", _("Currency"), "choice", "currency", occurring("currency")),
            Field("channel", _("Channel"), "text", "channel"),
            Field("comment", _("Comment"), "text", "comment"),
        ),
    )
)  # fmt: skip
RATES = register(
    List(
        "exchange-rates", _("Exchange rates"), "money:rates", RateTable, RateFilter, exchange_rates,
        files="money:rates", roles=frozenset(KEEPS_NUMBERS),
        fields=(
            Field("currency", _("Currency"), "choice", "currency", occurring("currency")),
            Field("valid-from", _("Valid from"), "day", "valid_from"),
            Field("rate", _("Rate"), "number", "rate"),
        ),
    )
)  # fmt: skip
