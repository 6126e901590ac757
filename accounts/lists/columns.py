"""Columns of lists whose rows belong to a customer."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cs_portal.kit.lists.columns import NameColumn


class CustomerColumn(NameColumn):
    """The row's customer, with a link to its page, sorted as customers are sorted everywhere."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            accessor="customer__name",
            linkify=lambda record: record.customer.get_absolute_url(),
            verbose_name=_("Customer"),
            order_by=("customer__sort_name",),
            **options,
        )


class SegmentColumn(NameColumn):
    """The customer's segment, for those who want to see it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(accessor="customer__segment", verbose_name=_("Segment"), narrow=True, visible=False, **options)
