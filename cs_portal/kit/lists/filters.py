"""The simple filters above a list: in the URL, the same for page and file, never wider than the rows they narrow."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

NOT_SET = "-"
ME = "me"
Choices = list[tuple[str, Any]]


class ListFilter(django_filters.FilterSet):
    """``user`` is who looks. A filter that means nothing finds nothing and says so."""

    defaults: dict[str, str] = {}

    def __init__(self, data: Any, *, queryset: QuerySet[Any], user: Any) -> None:
        self.user = user
        data = data.copy()
        for name, value in self.defaults.items():
            data.setdefault(name, value)
        super().__init__(data, queryset=queryset)
        for name, filter_ in self.filters.items():
            if isinstance(filter_, django_filters.ChoiceFilter):
                select = forms.Select(attrs={"class": "form-select", "data-autosubmit": True})
                filter_.extra["widget"] = filter_.extra.get("widget", select)
                if hasattr(self, f"{name}_choices"):
                    filter_.extra["choices"] = getattr(self, f"{name}_choices")(queryset.order_by())
            elif isinstance(filter_, django_filters.CharFilter):
                text = forms.TextInput(attrs={"class": "form-control", "type": "search"})
                filter_.extra["widget"] = filter_.extra.get("widget", text)

    @property
    def chosen(self) -> QuerySet[Any]:
        found: QuerySet[Any] = self.qs if self.is_valid() else self.queryset.none()
        return found

    @property
    def is_used(self) -> bool:
        return any(self.data.get(name) and self.data.get(name) != self.defaults.get(name) for name in self.filters)

    @property
    def complaints(self) -> list[str]:
        bound = self.form
        return [f"{bound[name].label}: {error}" for name, errors in bound.errors.items() for error in errors]


def segment_choices(rows: QuerySet[Any], path: str = "segment") -> Choices:
    """The segments that occur in the rows."""
    found = rows.exclude(**{path: ""}).values_list(path, flat=True).distinct()
    return [(name, name) for name in sorted(found)] + [(NOT_SET, _("No segment"))]


def owner_choices(rows: QuerySet[Any], path: str = "owner") -> Choices:
    """Me, the people who own rows, and nobody."""
    return [(ME, _("Me")), *people(rows, path), (NOT_SET, _("Nobody"))]


def people(rows: QuerySet[Any], path: str) -> Choices:
    found = rows.exclude(**{path: None}).values_list(f"{path}__public_id", f"{path}__name", f"{path}__email").distinct()
    return by_words((str(key), name or email) for key, name, email in found)


def by_words(choices: Iterable[tuple[str, Any]]) -> Choices:
    return sorted(choices, key=lambda choice: str(choice[1]).casefold())


def in_segment(rows: QuerySet[Any], value: str, path: str = "segment") -> QuerySet[Any]:
    return rows.filter(**{path: "" if value == NOT_SET else value})


def owned(rows: QuerySet[Any], value: str, user: Any, path: str = "owner") -> QuerySet[Any]:
    if value == NOT_SET:
        return rows.filter(**{path: None})
    return rows.filter(**{path: user}) if value == ME else rows.filter(**{f"{path}__public_id": value})


def folded(text: str) -> str:
    """Umlauts and case do not matter: as the key is folded that sorts names."""
    signs = str.maketrans("äöüàáâãåèéêëìíîïòóôõùúûçñ", "aouaaaaaeeeeiiiioooouuucn")
    return text.strip().lower().replace("ß", "ss").translate(signs)
