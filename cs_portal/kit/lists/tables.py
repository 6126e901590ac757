"""The table of a list: which columns, in which order, which page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import django_tables2 as tables
from django.core.paginator import EmptyPage
from django.db.models import QuerySet

PER_PAGE = 25
MOST_SORTS = 3


class ListTable(tables.Table):
    """Columns that say ``visible=False`` are there to be chosen. ``pinned`` ones are always shown."""

    pinned: Sequence[str] = ()
    per_page = PER_PAGE

    class Meta:
        attrs = {"class": "table list"}
        empty_text = ""

    def __init__(
        self,
        data: Any,
        *,
        columns: Sequence[str] = (),
        sort: Sequence[str] = (),
        more: Iterable[tuple[str, tables.Column]] = (),
        period: Any = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self.period, self.extra = period, dict(extra or {})
        super().__init__(data, order_by=() if sort else None, extra_columns=list(more))
        self._choose(columns)
        self._sort(sort)

    def _choose(self, wanted: Sequence[str]) -> None:
        """What is unknown among the wanted ones is no column; none at all means the usual ones."""
        self.usual = {column.name for column in self.columns.iterall() if column.visible}
        known = {name for name in wanted if name in self.columns.names()}
        if not known:
            return
        first = self.columns.names()[0]
        for name in self.columns.names():
            keep = name in known or name in self.pinned or name == first
            (self.columns.show if keep else self.columns.hide)(name)

    def _sort(self, wanted: Sequence[str]) -> None:
        """By columns of this table and nothing else; equal rows keep one order, so that no page repeats a row."""
        known = [name for name in wanted if self._sorts(name.removeprefix("-"))]
        if known or wanted:
            self.order_by = known[:MOST_SORTS] or self._meta.order_by
        rows = self.data.data
        if isinstance(rows, QuerySet) and not {"pk", "-pk", "id", "-id"} & set(rows.query.order_by):
            self.data.data = rows.order_by(*(rows.query.order_by or rows.model._meta.ordering), "pk")

    def _sorts(self, name: str) -> bool:
        return name in self.columns.names() and self.columns[name].orderable

    def show_page(self, wanted: str) -> None:
        """The page of that number; the nearest there is when there is none."""
        number = int(wanted) if wanted.isdecimal() and len(wanted) < 9 else 1
        try:
            self.paginate(per_page=self.per_page, page=number)
        except EmptyPage:
            self.page = self.paginator.page(1 if number < 1 else self.paginator.num_pages)
        self.prepare([row.record for row in self.paginated_rows])

    def prepare(self, records: Sequence[Any]) -> None:
        """Fetch at once what the visible cells of these records need."""

    def shows(self, name: str) -> bool:
        return name in self.columns.names() and bool(self.columns[name].visible)

    @property
    def choices(self) -> list[dict[str, Any]]:
        """For the chooser: every column, whether it is shown, and whether it may be hidden."""
        columns = list(self.columns.iterall())
        return [
            {
                "name": column.name,
                "label": column.header,
                "shown": column.visible,
                "fixed": place == 0 or column.name in self.pinned,
            }
            for place, column in enumerate(columns)
        ]

    def lines(self) -> Iterator[list[Any]]:
        """Header and rows as they leave in a file: all pages, the shown columns, exact values."""
        self.prepare([row.record for row in self.rows])
        hidden = [column.name for column in self.columns.iterall() if not column.visible]
        yield from self.as_values(exclude_columns=hidden)
