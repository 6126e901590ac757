"""What of goals and indicators a person holds."""

from django.utils.translation import gettext_lazy as _

from accounts.staff.registry import Part, register
from kvi.models import Goal, Indicator

register(Part("goals", _("Goals"), lambda person: Goal.objects.filter(owner=person), customer="customer"))
register(
    Part(
        "indicators",
        _("Indicators"),
        lambda person: Indicator.objects.filter(owner=person).select_related("goal__customer"),
        customer="goal__customer",
        title=lambda indicator: f"{indicator.goal.name} ({indicator.goal.customer.name})",
    )
)
