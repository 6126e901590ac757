"""A list as its room declares it, and what one request makes of it.

Rooms on higher floors, and the workspace's own fields, add columns and conditions with ``extend``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise

from .actions import Action
from .conditions import BadConditions, Field, Group, as_q, leaves, parse
from .filters import ListFilter
from .tables import ListTable

OWN_PARAMETERS = ("where", "columns", "sort", "period")  # of every list, beside its filters


@dataclass(frozen=True)
class Extra:
    """What somebody adds to a list. ``prepare`` annotates the rows with what the columns need."""

    columns: Sequence[tuple[str, tables.Column]] = ()
    fields: Sequence[Field] = ()
    prepare: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows


Extending = Callable[[Any], Extra]  # of the person who looks
EXTRAS: dict[str, list[Extending]] = {}


def extend(name: str, extending: Extending) -> None:
    """Columns and conditions for the list of that name; asked anew for each request."""
    EXTRAS.setdefault(name, []).append(extending)


@dataclass(frozen=True)
class List:
    """``rows`` are those of the gate for a person: nothing else ever reaches the list.

    ``records`` turns what the filters left into what the table shows, where that is not the rows themselves.
    ``page`` and ``files`` are URL names; ``files`` ends in _csv and _xlsx. ``roles`` may open it.
    """

    name: str
    title: str | Promise
    page: str
    table: type[ListTable]
    filter: type[ListFilter]
    rows: Callable[[Any], QuerySet[Any]]
    files: str = ""
    fields: Sequence[Field] = ()
    actions: Sequence[Action] = ()
    records: Callable[[QuerySet[Any], "Request"], Any] | None = None
    roles: frozenset[str] = frozenset({"admin", "lead", "csm", "analyst", "viewer"})
    longest_file: int | None = None

    @property
    def url(self) -> str:
        return reverse(self.page)

    def parameters(self) -> set[str]:
        """What of a URL belongs to the list; everything else is not kept."""
        return {*self.filter.base_filters, *OWN_PARAMETERS}

    def actions_for(self, user: Any) -> list[Action]:
        return [action for action in self.actions if user.role in action.roles]


LISTS: dict[str, List] = {}


def register(declared: List) -> List:
    LISTS[declared.name] = declared
    return declared


@dataclass(frozen=True)
class Request:
    """Who asks, and what the URL says; ``conditions`` as they were read."""

    user: Any
    params: QueryDict
    options: Mapping[str, Any] = field(default_factory=dict)  # of the table
    conditions: Group | None = None


@dataclass
class Shown:
    """``table`` is ready but has no page yet; ``problems`` are sentences, and then nothing was found."""

    list: List
    request: Request
    filter: ListFilter
    fields: dict[str, Field]
    conditions: Group | None
    records: Any
    table: ListTable
    problems: list[str]

    @property
    def condition_count(self) -> int:
        return len(list(leaves(self.conditions))) if self.conditions else 0

    @property
    def is_narrowed(self) -> bool:
        return self.filter.is_used or bool(self.request.params.get("where"))


@dataclass
class Narrowed:
    """The rows that filter and conditions leave of those of the gate."""

    rows: QuerySet[Any]
    filter: ListFilter
    fields: dict[str, Field]
    conditions: Group | None
    problems: list[str]


def narrowed(declared: List, user: Any, params: QueryDict) -> Narrowed:
    """A filter or condition that cannot be read finds nothing and says why."""
    fields, rows = fields_of(declared, user), declared.rows(user)
    for extra in extras_of(declared, user):
        rows = extra.prepare(rows)
    filters = declared.filter(params, queryset=rows, user=user)
    found, problems = filters.chosen, list(filters.complaints)
    conditions, problem = _conditions(params, fields)
    if conditions is not None:
        found = found.filter(as_q(conditions, fields, user))
    if problem:
        found, problems = found.none(), [*problems, problem]
    return Narrowed(found, filters, fields, conditions, problems)


def listed(declared: List, user: Any, params: QueryDict, **options: Any) -> Shown:
    """The list as the URL asks for it; ``options`` are the table's."""
    found = narrowed(declared, user, params)
    request = Request(user, params, options, found.conditions)
    records = declared.records(found.rows, request) if declared.records else found.rows
    more = [column for extra in extras_of(declared, user) for column in extra.columns]
    table = declared.table(records, columns=words(params, "columns"), sort=words(params, "sort"), more=more, **options)
    return Shown(declared, request, found.filter, found.fields, found.conditions, records, table, found.problems)


def extras_of(declared: List, user: Any) -> list[Extra]:
    return [extending(user) for extending in EXTRAS.get(declared.name, [])]


def fields_of(declared: List, user: Any) -> dict[str, Field]:
    found = [*declared.fields, *(one for extra in extras_of(declared, user) for one in extra.fields)]
    return {one.name: one for one in found}


def _conditions(params: QueryDict, fields: Mapping[str, Field]) -> tuple[Group | None, str]:
    try:
        return parse(params.get("where", ""), fields), ""
    except BadConditions as bad:
        return None, str(bad)


def words(params: QueryDict, name: str) -> list[str]:
    """Names, said once with commas or several times."""
    return [word for text in params.getlist(name) for word in text[:2000].split(",") if word][:60]


def kept(declared: List, params: QueryDict) -> str:
    """The query that shows the list again: its own parameters, without the page."""
    kept_params = QueryDict(mutable=True)
    for name in sorted(declared.parameters() & set(params)):
        values = words(params, name) if name in ("columns", "sort") else [v for v in params.getlist(name) if v][:1]
        if values:
            kept_params[name] = ",".join(values)
    return kept_params.urlencode()
