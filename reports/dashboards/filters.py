"""The filter of the customers list: in the URL, the same for page and export, never wider than the gate."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, User
from accounts.models.customers import Phase

NOT_SET = "-"


class CustomerFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="named", label=_("Search"), max_length=100)
    segment = django_filters.ChoiceFilter(method="in_segment", label=_("Segment"), empty_label=_("All segments"))
    phase = django_filters.ChoiceFilter(choices=Phase.choices, label=_("Phase"), empty_label=_("All phases"))
    owner = django_filters.ChoiceFilter(method="owned", label=_("Owner"), empty_label=_("All owners"))

    class Meta:
        model = Customer
        fields = ("q", "segment", "phase", "owner")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        visible = self.queryset.order_by()
        segments = sorted(visible.exclude(segment="").values_list("segment", flat=True).distinct())
        owners = visible.exclude(owner=None).values_list("owner__public_id", "owner__name", "owner__email").distinct()
        named = sorted(((str(key), name or email) for key, name, email in owners), key=lambda pair: pair[1].casefold())
        self.filters["q"].extra["widget"] = forms.TextInput(attrs={"class": "form-control", "type": "search"})
        for name in ("segment", "phase", "owner"):
            self.filters[name].extra["widget"] = forms.Select(attrs={"class": "form-select"})
        self.filters["segment"].extra["choices"] = [(name, name) for name in segments] + [(NOT_SET, _("No segment"))]
        self.filters["owner"].extra["choices"] = [("me", _("Me")), *named, (NOT_SET, _("Nobody"))]

    @property
    def chosen(self) -> QuerySet[Customer]:
        """Nothing is found by a filter that means nothing."""
        found: QuerySet[Customer] = self.qs if self.is_valid() else self.queryset.none()
        return found

    @property
    def is_used(self) -> bool:
        return any(self.data.get(name) for name in self.filters)

    def named(self, customers: QuerySet[Customer], _name: str, text: str) -> QuerySet[Customer]:
        """Umlauts and case do not matter: the text is folded like the key that sorts the names."""
        return customers.filter(sort_name__contains=folded(text))

    def in_segment(self, customers: QuerySet[Customer], _name: str, value: str) -> QuerySet[Customer]:
        return customers.filter(segment="" if value == NOT_SET else value)

    def owned(self, customers: QuerySet[Customer], _name: str, value: str) -> QuerySet[Customer]:
        if value == NOT_SET:
            return customers.filter(owner=None)
        return customers.filter(owner=self.user) if value == "me" else customers.filter(owner__public_id=value)


def folded(text: str) -> str:
    signs = str.maketrans("äöüàáâãåèéêëìíîïòóôõùúûçñ", "aouaaaaaeeeeiiiioooouuucn")
    return text.strip().lower().replace("ß", "ss").translate(signs)
