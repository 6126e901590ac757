"""What of accounts a person holds."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from accounts.staff.registry import Part, register

register(Part("customers", _("Customers"), lambda person: Customer.objects.filter(owner=person), customer="pk"))
