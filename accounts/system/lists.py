"""The list of the audit: names, networks and details for administrators only."""

from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.audit.models import AuditEntry
from accounts.audit.queries import people_in_the_audit, rows, start_of
from accounts.audit.words import RECORDS, SAYINGS, full_name, person_number, verb_name
from accounts.models import Role, User
from cs_portal.kit.lists.base import Extra, List, extend, register
from cs_portal.kit.lists.columns import FragmentColumn, MomentColumn, WordColumn, whole
from cs_portal.kit.lists.conditions import Field
from cs_portal.kit.lists.filters import Choices, ListFilter, by_words
from cs_portal.kit.lists.tables import ListTable
from cs_portal.kit.records import FIRST_DAY, LAST_DAY

READERS = (Role.ADMIN, Role.LEAD, Role.ANALYST)
SANE = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
NUMBER = RegexValidator(r"^[A-Za-z0-9-]+$", _("A number as it stands in the list, for example 12."))


def reads_names(user: User) -> bool:
    return user.role == Role.ADMIN


def _verbs(*_asked: Any) -> Choices:
    return by_words((verb, verb_name(verb)) for verb in SAYINGS)


def _kinds(*_asked: Any) -> Choices:
    return by_words((kind, str(words)) for kind, words in RECORDS.items())


def _people(user: User, key: str = "public_id") -> Choices:
    """Called by their numbers for those who read no names."""
    name = full_name if reads_names(user) else person_number
    return [(str(getattr(person, key)), name(person)) for person in people_in_the_audit()]


def _day(label: Any, name: str) -> django_filters.DateFilter:
    widget = forms.DateInput({"type": "date", "class": "form-control"}, "%Y-%m-%d")
    return django_filters.DateFilter(method=name, label=label, widget=widget, validators=SANE)


class AuditFilter(ListFilter):
    verb = django_filters.ChoiceFilter(label=_("What happened"), empty_label=_("All"))
    person = django_filters.ChoiceFilter(field_name="actor", label=_("Person"), empty_label=_("All"))
    kind = django_filters.ChoiceFilter(field_name="target_type", label=_("Affected record"), empty_label=_("All"))
    number = django_filters.CharFilter(
        field_name="target_id", label=_("Its number"), max_length=64, validators=[NUMBER]
    )
    first = _day(_("From"), "since")
    last = _day(_("Until"), "until")

    class Meta:
        model = AuditEntry
        fields = ("verb", "person", "kind", "number", "first", "last")

    def verb_choices(self, _rows: QuerySet[AuditEntry]) -> Choices:
        return _verbs()

    def kind_choices(self, _rows: QuerySet[AuditEntry]) -> Choices:
        return _kinds()

    def person_choices(self, _rows: QuerySet[AuditEntry]) -> Choices:
        return _people(self.user, "pk")

    def since(self, found: QuerySet[AuditEntry], _name: str, day: date) -> QuerySet[AuditEntry]:
        return found.filter(at__gte=start_of(day))

    def until(self, found: QuerySet[AuditEntry], _name: str, day: date) -> QuerySet[AuditEntry]:
        return found.filter(at__lt=start_of(day + timedelta(days=1)))


class AuditTable(ListTable):
    """``extra["names"]``: for whoever may read who it was; otherwise everybody is a number."""

    at = MomentColumn(verbose_name=_("When"), order_by=("pk",), attrs={"td": {"class": "text-nowrap"}})
    said = FragmentColumn(
        "system/_audit_said.html", name="entry", plain=lambda entry: entry.row.text, verbose_name=_("What happened"),
        order_by=("verb",), attrs={"td": {"class": "said whole"}},
    )  # fmt: skip
    record = WordColumn(
        accessor="pk", verbose_name=_("Affected record"), order_by=("target_type", "target_id"), attrs=whole()
    )
    request = WordColumn(accessor="request_id", verbose_name=_("Request"), attrs=whole("muted small"))
    number = WordColumn(accessor="pk", verbose_name=_("Entry number"), visible=False)
    verb = WordColumn(verbose_name=_("Verb"), visible=False)
    hash = WordColumn(verbose_name=_("Hash"), visible=False, orderable=False, attrs=whole("small wrap"))
    per_page = 50

    class Meta(ListTable.Meta):
        order_by = ("-at",)

    def prepare(self, records: list[AuditEntry]) -> None:
        for entry, row in zip(records, rows(records, names=bool(self.extra.get("names"))), strict=True):
            entry.row = row  # type: ignore[attr-defined]

    def render_record(self, record: Any) -> str:
        query = urlencode({"kind": record.target_type, "number": record.target_id})
        return format_html('<a href="{}?{}">{}</a>', reverse("system:audit"), query, record.row.record)

    def value_record(self, record: Any) -> str:
        return str(record.row.record)

    def render_request(self, value: str) -> str:
        return format_html('<code title="{}">{}</code>', value, value[:8])

    def value_request(self, value: str) -> str:
        return value


class OriginColumn(WordColumn):
    def __init__(self) -> None:
        super().__init__(accessor="row__origin", verbose_name=_("Network"), orderable=False, attrs=whole())


class DetailsColumn(WordColumn):
    def __init__(self) -> None:
        super().__init__(
            accessor="row__details", verbose_name=_("Details"), orderable=False, visible=False, attrs=whole("wrap")
        )


def _personal(user: User) -> Extra:
    """What only an administrator reads: no column and no condition of others."""
    if not reads_names(user):
        return Extra()
    return Extra(columns=(("network", OriginColumn()), ("details", DetailsColumn())))


def entries(_user: User) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.select_related("actor")


AUDIT = register(
    List(
        "audit", _("Audit"), "system:audit", AuditTable, AuditFilter, entries, files="system:audit_list",
        roles=frozenset(READERS), longest_file=100_000,
        fields=(
            Field("verb", _("What happened"), "choice", "verb", _verbs),
            Field("person", _("Person"), "person", "actor__public_id", lambda _rows, user: _people(user)),
            Field("kind", _("Affected record"), "choice", "target_type", _kinds),
            Field("number", _("Its number"), "text", "target_id"),
            Field("request", _("Request"), "text", "request_id"),
            Field("at", _("When"), "moment", "at"),
        ),
    )
)  # fmt: skip
extend("audit", _personal)
