"""The list of goals and indicators: a row for each indicator, and one for each customer without any."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.access import Viewer, current_customers_for
from accounts.lists.columns import CustomerColumn, SegmentColumn
from accounts.lists.fields import customer_fields, listing, people_at
from accounts.models import Customer
from cs_portal.kit.lists.base import List, Request, register
from cs_portal.kit.lists.columns import DayColumn, FragmentColumn, NameColumn, WordColumn
from cs_portal.kit.lists.conditions import Field, Group, as_q, leaves
from cs_portal.kit.lists.filters import Choices, ListFilter, in_segment, owned, owner_choices, segment_choices
from cs_portal.kit.lists.readings import ReadingColumn
from cs_portal.kit.lists.tables import ListTable
from cs_portal.metrics.base import Reading
from kvi import queries
from kvi.models import Goal, Indicator
from kvi.standing import STATES, Standing, standings

STATE_NAMES = {
    "not_defined": _("Not defined"),
    "proposed": _("Proposed"),
    "agreed": _("Agreed"),
    "off_path": _("Off path"),
    "stale": _("Stale"),
    "disputed": _("Disputed"),
}
CUSTOMER = "customer-"  # fields of the customer, which also those without an indicator have
LOWEST = Fraction(-(10**12))


@dataclass(frozen=True)
class Row:
    """An indicator as it stands, or a customer without any."""

    customer: Customer
    state: str
    standing: Standing | None = None

    def __str__(self) -> str:
        return self.name

    @property
    def goal(self) -> Goal | None:
        return self.standing.indicator.goal if self.standing else None

    @property
    def goal_name(self) -> str:
        return self.goal.name if self.goal else ""

    @property
    def owner(self) -> str:
        return str(self.customer.owner or "")

    @property
    def name(self) -> str:
        version = self.standing.version if self.standing else None
        return version.text("name", get_language() or "en") if version else ""

    @property
    def measured(self) -> date | None:
        return self.standing.latest.date if self.standing and self.standing.latest else None

    @property
    def measured_first(self) -> date:
        return self.measured or date.min

    @property
    def place(self) -> int:
        return STATES.index(self.state)

    @property
    def how_far(self) -> Fraction:
        """To sort by: those without a value come before all others."""
        reading = self.reading("attainment")
        return LOWEST if reading is None or reading.value is None else Fraction(reading.value)

    def reading(self, name: str) -> Reading | None:
        found: Reading | None = getattr(self.standing, name, None)
        return found


class Portfolio(list[Row]):
    """The rows of one state or all, and how many there are of each."""

    def __init__(self, rows: list[Row], state: str) -> None:
        super().__init__(row for row in rows if not state or row.state == state)
        self.counts, self.total = Counter(row.state for row in rows), len(rows)

    @property
    def tabs(self) -> list[tuple[str, Any, int]]:
        return [(state, STATE_NAMES[state], self.counts[state]) for state in STATES]


class GoalFilter(ListFilter):
    state = django_filters.ChoiceFilter(
        method="any_state", label=_("State"), choices=list(STATE_NAMES.items()), widget=forms.HiddenInput
    )
    segment = django_filters.ChoiceFilter(method="in_segment", label=_("Segment"), empty_label=_("All segments"))
    owner = django_filters.ChoiceFilter(method="owned", label=_("Owner"), empty_label=_("All owners"))

    class Meta:
        model = Indicator
        fields = ("state", "segment", "owner")

    def segment_choices(self, _rows: QuerySet[Indicator]) -> Choices:
        return segment_choices(current_customers_for(self.user).order_by())

    def owner_choices(self, _rows: QuerySet[Indicator]) -> Choices:
        return owner_choices(current_customers_for(self.user).order_by())

    def any_state(self, rows: QuerySet[Indicator], _name: str, _value: str) -> QuerySet[Indicator]:
        """How an indicator stands is known only once it is measured: see ``portfolio``."""
        return rows

    def in_segment(self, rows: QuerySet[Indicator], _name: str, value: str) -> QuerySet[Indicator]:
        return in_segment(rows, value, "goal__customer__segment")

    def owned(self, rows: QuerySet[Indicator], _name: str, value: str) -> QuerySet[Indicator]:
        return owned(rows, value, self.user, "goal__customer__owner")


def indicator_rows(user: Viewer) -> QuerySet[Indicator]:
    living = queries.indicators_for(user).exclude(goal__state=Goal.State.RETIRED)
    shown = current_customers_for(user).filter(is_test=False)
    return living.filter(goal__customer__in=shown).order_by("goal__customer__sort_name", "goal", "pk")


def portfolio(found: QuerySet[Indicator], request: Request) -> Portfolio:
    """All that the filter leaves, standing by standing; then the customers without an indicator."""
    rows = [Row(one.indicator.goal.customer, one.state, one) for one in standings(list(found))]
    if not found.query.is_empty():
        rows += [Row(customer, "not_defined") for customer in _without(request)]
    state = request.params.get("state", "")
    return Portfolio(rows, state if state in STATES else "")


def _without(request: Request) -> QuerySet[Customer]:
    """Of the customers whom filter and conditions leave; of none when a condition asks for what only a goal has."""
    customers = current_customers_for(request.user).filter(is_test=False)
    if segment := request.params.get("segment"):
        customers = in_segment(customers, segment)
    if owner := request.params.get("owner"):
        customers = owned(customers, owner, request.user)
    return (
        customers.filter(_condition(request.conditions, request.user))
        .exclude(goals__indicators__isnull=False)
        .select_related("owner")
    )


def _condition(node: Group | None, user: Viewer) -> Q:
    if node is None:
        return Q()
    if any(not leaf.field.startswith(CUSTOMER) for leaf in leaves(node)):
        return Q(pk__in=[])
    return as_q(node, {field.name: field for field in customer_fields(prefix=CUSTOMER)}, user)


class GoalTable(ListTable):
    name = FragmentColumn(
        "kvi/_list_name.html", name="row", plain=lambda row: row.name, verbose_name=_("Indicator"), order_by=("name",),
        attrs={"td": {"class": "clip", "title": lambda record: f"{record.name} · {record.goal_name}".strip(" ·")}},
    )  # fmt: skip
    goal = NameColumn(accessor="goal_name", verbose_name=_("Goal"), narrow=True)
    customer = CustomerColumn(narrow=True)
    segment = SegmentColumn()
    owner = NameColumn(verbose_name=_("Owner"), narrow=True, visible=False)
    attainment = ReadingColumn("attainment", verbose_name=_("Attainment"), order_by=("how_far",))
    planned = ReadingColumn("planned", verbose_name=_("Planned"), visible=False, orderable=False)
    gap = ReadingColumn("gap", verbose_name=_("Path gap"), visible=False, orderable=False)
    progress = FragmentColumn(
        "kvi/_list_progress.html", name="row", verbose_name=_("Progress"), orderable=False, exclude_from_export=True,
        attrs={"td": {"class": "kvi-bar"}},
    )  # fmt: skip
    state = FragmentColumn(
        "kvi/_list_state.html", name="row", plain=lambda row: str(STATE_NAMES[row.state]), verbose_name=_("State"),
        order_by=("place",), attrs={},
    )  # fmt: skip
    measured = DayColumn(verbose_name=_("Measured"), order_by=("measured_first",))
    number = WordColumn(accessor="customer__external_id", verbose_name=_("Customer number"), visible=False)


GOALS = register(
    List(
        "goals", _("Goals & KVIs"), "kvi:goals", GoalTable, GoalFilter, indicator_rows, files="kvi:goals",
        records=portfolio,
        fields=(
            Field("goal", _("Goal"), "text", "goal__name"),
            Field("type", _("Type"), "choice", "goal__goal_type", listing(Goal.Type.choices)),
            Field("scope", _("Collective or individual"), "choice", "goal__scope", listing(Goal.Scope.choices)),
            Field("goal-state", _("State of the goal"), "choice", "goal__state", listing(Goal.State.choices)),
            Field("review", _("Next review"), "day", "goal__next_review_on"),
            Field("kvi-owner", _("Owner of the indicator"), "person", "owner__public_id", people_at("owner")),
            *customer_fields("goal__customer__", prefix=CUSTOMER),
        ),
    )
)  # fmt: skip
