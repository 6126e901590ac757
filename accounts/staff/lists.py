"""The list of colleagues."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.lists.fields import listing
from accounts.models import Role, Team, User
from accounts.staff.queries import as_row, people
from cs_portal.kit.lists.base import List, register
from cs_portal.kit.lists.columns import DASH, FragmentColumn, MomentColumn, NameColumn, WordColumn
from cs_portal.kit.lists.conditions import Field
from cs_portal.kit.lists.filters import Choices, ListFilter
from cs_portal.kit.lists.tables import ListTable

ROLES = [(value, label) for value, label in Role.choices if value != Role.CONTACT]
ACTIVE = [("yes", _("Active")), ("no", _("Deactivated"))]


class PersonFilter(ListFilter):
    q = django_filters.CharFilter(method="named", label=_("Name or e-mail address"), max_length=100)
    role = django_filters.ChoiceFilter(choices=ROLES, label=_("Role"), empty_label=_("All"))
    team = django_filters.ChoiceFilter(method="of_team", label=_("Team"), empty_label=_("All"))
    active = django_filters.ChoiceFilter(method="are_active", choices=ACTIVE, label=_("State"), empty_label=_("All"))

    class Meta:
        model = User
        fields = ("q", "role", "team", "active")

    def team_choices(self, _rows: QuerySet[User]) -> Choices:
        return [(str(key), name) for key, name in Team.objects.values_list("public_id", "name")]

    def named(self, rows: QuerySet[User], _name: str, text: str) -> QuerySet[User]:
        return rows.filter(Q(name__icontains=text) | Q(email__icontains=text))

    def of_team(self, rows: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        return rows.filter(pk__in=User.objects.filter(teams__public_id=value).values("pk"))

    def are_active(self, rows: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        return rows.filter(is_active=value == "yes")


class PersonTable(ListTable):
    name = FragmentColumn(
        "accounts/_list_person.html", name="person", plain=str, verbose_name=_("Name"), order_by=("name", "email"),
        attrs={"td": {"class": "wrap name-cell"}},
    )  # fmt: skip
    email = NameColumn(verbose_name=_("E-mail address"), visible=False)
    role = WordColumn(verbose_name=_("Role"))
    teams = NameColumn(accessor="pk", verbose_name=_("Teams"), orderable=False, attrs={"td": {"class": "said whole"}})
    last_login = MomentColumn(verbose_name=_("Last login"))
    state = FragmentColumn("accounts/_list_person_state.html", name="person", verbose_name=_("State"), orderable=False)

    def render_teams(self, record: User) -> str:
        return self.value_teams(record) or DASH

    def value_teams(self, record: User) -> str:
        return ", ".join(map(str, record.teams.all()))

    def prepare(self, records: list[User]) -> None:
        for person in records:
            person.row = as_row(person)  # type: ignore[attr-defined]


def person_rows(_user: User) -> QuerySet[User]:
    """All colleagues: only those who administer them open the list."""
    return people()


PEOPLE = register(
    List(
        "people", _("People"), "people", PersonTable, PersonFilter, person_rows, files="people",
        roles=frozenset({Role.ADMIN, Role.LEAD}),
        fields=(
            Field("name", _("Name"), "text", "name"),
            Field("email", _("E-mail address"), "text", "email"),
            Field("role", _("Role"), "choice", "role", listing(ROLES)),
            Field("active", _("Active"), "flag", "is_active"),
            Field("seen", _("Last login"), "moment", "last_login"),
        ),
    )
)  # fmt: skip
