"""Customers can be talked about, among ourselves."""

from django.utils.translation import gettext_lazy as _

from accounts.access import customers_for
from accounts.comments.registry import Subject, register
from accounts.models import Customer

register(
    Subject("customers", _("Customer"), Customer, customers_for, lambda customer: customer, Customer.get_absolute_url)
)
