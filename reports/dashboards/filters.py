"""The filters of lists of customers: in the URL, the same for page and export, never wider than the gate."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from accounts.models.customers import Phase
from cs_portal.kit.lists.filters import Choices, ListFilter, folded, in_segment, owned, owner_choices, segment_choices


class PortfolioFilter(ListFilter):
    """What every list of customers can be narrowed by."""

    q = django_filters.CharFilter(method="named", label=_("Search"), max_length=100)
    segment = django_filters.ChoiceFilter(method="in_segment", label=_("Segment"), empty_label=_("All segments"))
    owner = django_filters.ChoiceFilter(method="owned", label=_("Owner"), empty_label=_("All owners"))

    class Meta:
        model = Customer
        fields = ("q", "segment", "owner")

    def segment_choices(self, rows: QuerySet[Customer]) -> Choices:
        return segment_choices(rows)

    def owner_choices(self, rows: QuerySet[Customer]) -> Choices:
        return owner_choices(rows)

    def named(self, customers: QuerySet[Customer], _name: str, text: str) -> QuerySet[Customer]:
        return customers.filter(sort_name__contains=folded(text))

    def in_segment(self, customers: QuerySet[Customer], _name: str, value: str) -> QuerySet[Customer]:
        return in_segment(customers, value)

    def owned(self, customers: QuerySet[Customer], _name: str, value: str) -> QuerySet[Customer]:
        return owned(customers, value, self.user)


class CustomerFilter(PortfolioFilter):
    phase = django_filters.ChoiceFilter(choices=Phase.choices, label=_("Phase"), empty_label=_("All phases"))

    class Meta:
        model = Customer
        fields = ("q", "segment", "phase", "owner")
