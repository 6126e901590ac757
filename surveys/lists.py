"""The list of answers that people gave by name."""

from typing import Any

import django_filters
from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.access import Viewer, current_customers_for
from accounts.lists.fields import listing
from accounts.models import Customer
from accounts.periods import PeriodFilter
from cs_portal.kit.lists.base import List, register
from cs_portal.kit.lists.columns import CountColumn, MomentColumn, NameColumn, WordColumn
from cs_portal.kit.lists.conditions import Field
from cs_portal.kit.lists.filters import Choices, ListFilter, folded, in_segment, owned, owner_choices, segment_choices
from cs_portal.kit.lists.tables import ListTable
from cs_portal.metrics.base import Period
from cs_portal.metrics.satisfaction import NPS_GROUPS
from surveys.models import Kind, Response
from surveys.queries import answers
from surveys.queries.answers import READS_ANSWERS, in_period, named_responses

GROUPS = {"promoter": _("Promoters (9–10)"), "passive": _("Passives (7–8)"), "detractor": _("Detractors (0–6)")}
COLOURS = {"promoter": "score-good", "passive": "score-watch", "detractor": "score-bad"}


class ResponseFilter(ListFilter):
    q = django_filters.CharFilter(field_name="comment", lookup_expr="icontains", label=_("Comment"), max_length=100)
    kind = django_filters.ChoiceFilter(choices=Kind.choices, label=_("Kind"), empty_label=_("All kinds"))
    group = django_filters.ChoiceFilter(
        method="in_group", choices=list(GROUPS.items()), label=_("NPS"), empty_label=_("All scores")
    )
    segment = django_filters.ChoiceFilter(method="in_segment", label=_("Segment"), empty_label=_("All segments"))
    owner = django_filters.ChoiceFilter(method="owned", label=_("Owner"), empty_label=_("All owners"))
    period = PeriodFilter(
        method="during", label=_("Period"), max_length=40,
        widget=forms.TextInput(attrs={"class": "form-control field-short", "placeholder": "2026-Q1"}),
    )  # fmt: skip
    customer = django_filters.UUIDFilter(method="at", label=_("Customer"), widget=forms.HiddenInput)

    class Meta:
        model = Response
        fields = ("q", "kind", "group", "segment", "owner", "period", "customer")

    def segment_choices(self, _rows: QuerySet[Response]) -> Choices:
        return segment_choices(current_customers_for(self.user).order_by())

    def owner_choices(self, _rows: QuerySet[Response]) -> Choices:
        return owner_choices(current_customers_for(self.user).order_by())

    def in_group(self, rows: QuerySet[Response], _name: str, value: str) -> QuerySet[Response]:
        return rows.filter(kind=Kind.NPS, score__in=list(NPS_GROUPS[value]))

    def in_segment(self, rows: QuerySet[Response], _name: str, value: str) -> QuerySet[Response]:
        return rows.filter(company__in=in_segment(current_customers_for(self.user), value).values("pk"))

    def owned(self, rows: QuerySet[Response], _name: str, value: str) -> QuerySet[Response]:
        return rows.filter(company__in=owned(current_customers_for(self.user), value, self.user).values("pk"))

    def during(self, rows: QuerySet[Response], _name: str, period: Period) -> QuerySet[Response]:
        return in_period(rows, period)

    def at(self, rows: QuerySet[Response], _name: str, value: Any) -> QuerySet[Response]:
        return rows.filter(company__in=current_customers_for(self.user).filter(public_id=value).values("pk"))


def response_rows(user: Viewer) -> QuerySet[Response]:
    """The answers of current customers with what of their customer a list sorts and filters by."""
    company = Customer.objects.filter(pk=OuterRef("company"))
    return named_responses(user, current_customers_for(user)).annotate(
        company_sort=Subquery(company.values("sort_name")[:1]),
        company_segment=Subquery(company.values("segment")[:1]),
        company_owner=Subquery(company.values("owner__public_id")[:1]),
    )


def _customer(response: Response) -> Customer | None:
    return answers.as_answer(response).customer


class ResponseTable(ListTable):
    customer = NameColumn(
        accessor="pk", linkify=lambda record: _url(record), verbose_name=_("Customer"), order_by=("company_sort",),
        attrs={"td": {"class": "clip", "title": lambda record: str(_customer(record) or "")}},
    )  # fmt: skip
    score = CountColumn(verbose_name=_("Score"))
    kind = WordColumn(verbose_name=_("Kind"))
    comment = NameColumn(verbose_name=_("Comment"), attrs={"td": {"class": "said whole"}}, orderable=False)
    contact = NameColumn(accessor="pk", verbose_name=_("Contact"), narrow=True, orderable=False, attrs={})
    answered = MomentColumn(accessor="answered_at", verbose_name=_("Answered"))
    survey = NameColumn(accessor="survey", verbose_name=_("Survey"), order_by=("survey__external_id",), visible=False)
    language = WordColumn(verbose_name=_("Language"), visible=False)
    number = WordColumn(accessor="pk", verbose_name=_("Customer number"), visible=False, orderable=False)
    person = WordColumn(accessor="pk", verbose_name=_("Contact number"), visible=False, orderable=False)
    response = WordColumn(accessor="external_id", verbose_name=_("Answer number"), visible=False)

    class Meta(ListTable.Meta):
        order_by = ("-answered",)

    def render_customer(self, record: Response) -> str:
        return str(_customer(record) or "—")

    def value_customer(self, record: Response) -> str:
        return str(_customer(record) or "")

    def render_score(self, record: Response) -> str:
        colour = COLOURS.get(answers.nps_group(record), "")
        return format_html('<span class="score score-small {}">{}</span>', colour, record.score)

    def value_score(self, record: Response) -> int | None:
        return record.score

    def render_contact(self, record: Response) -> str:
        return str(answers.as_answer(record).contact or "—")

    def value_contact(self, record: Response) -> str:
        return str(answers.as_answer(record).contact or "")

    def render_number(self, record: Response) -> str:
        found = _customer(record)
        return found.external_id if found else ""

    def render_person(self, record: Response) -> str:
        found = answers.as_answer(record).contact
        return found.external_id if found else ""


def _url(record: Response) -> str | None:
    found = _customer(record)
    return f"{found.get_absolute_url()}#feedback" if found else None


def _segments(_rows: Any, user: Any) -> Choices:
    return segment_choices(current_customers_for(user).order_by())[:-1]


def _owners(_rows: Any, user: Any) -> Choices:
    return owner_choices(current_customers_for(user).order_by())[1:-1]


RESPONSES = register(
    List(
        "responses", _("Answers"), "surveys:responses", ResponseTable, ResponseFilter, response_rows,
        files="surveys:responses", roles=frozenset(READS_ANSWERS),
        fields=(
            Field("score", _("Score"), "number", "score"),
            Field("kind", _("Kind"), "choice", "kind", listing(Kind.choices)),
            Field("comment", _("Comment"), "text", "comment"),
            Field("answered", _("Answered"), "moment", "answered_at"),
            Field("language", _("Language"), "text", "language"),
            Field("customer-name", _("Customer"), "text", "company_sort", clean=folded),
            Field("customer-segment", _("Segment"), "choice", "company_segment", _segments),
            Field("customer-owner", _("Owner"), "person", "company_owner", _owners),
        ),
    )
)  # fmt: skip
