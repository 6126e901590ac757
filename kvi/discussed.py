"""Goals, indicators and measurements can be talked about; of the first two also with the customer."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.access import Viewer, customers_for
from accounts.comments.registry import Subject, register
from kvi.models import Goal, Indicator, Measurement
from kvi.queries import goals_for, indicators_for, portal_goals, portal_indicators


def _measurements(user: Viewer) -> QuerySet[Measurement]:
    found = Measurement.objects.filter(indicator__goal__customer__in=customers_for(user))
    return found.select_related("indicator__goal__customer__owner")


def _name(indicator: Indicator) -> str:
    """By the latest version that the reader sees."""
    versions = getattr(indicator, "all_versions", None) or indicator.versions.order_by("-number")[:1]
    return next((version.text("name", get_language() or "en") for version in versions), indicator.goal.name)


def _on_a_day(row: Measurement) -> str:
    return f"{_name(row.indicator)}, {date_format(row.date, 'SHORT_DATE_FORMAT')}"


register(
    Subject(
        "goals", _("Goal"), Goal, goals_for, lambda goal: goal.customer, Goal.get_absolute_url,
        shown_to=portal_goals, portal_url=lambda goal: reverse("kvi:portal_goal", args=[goal.public_id]),
    )
)  # fmt: skip
register(
    Subject(
        "indicators", _("Indicator"), Indicator, indicators_for, lambda indicator: indicator.goal.customer,
        Indicator.get_absolute_url, _name, portal_indicators,
        lambda indicator: reverse("kvi:portal_indicator", args=[indicator.public_id]),
    )
)  # fmt: skip
register(
    Subject(
        "measurements", _("Measurement"), Measurement, _measurements, lambda row: row.indicator.goal.customer,
        lambda row: row.indicator.get_absolute_url(),
        _on_a_day,
    )
)  # fmt: skip
