"""What of this room can be found, and begun at a customer."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.access import Viewer, customers_for
from cs_portal.kit.search import Action, Hit, Kind, begin, find
from kvi.models import Goal, IndicatorVersion
from kvi.models.indicators import NAMES
from kvi.queries import goals_for


def _latest_versions(user: Viewer) -> QuerySet[IndicatorVersion]:
    """One for each indicator, so that none is found twice."""
    newer = IndicatorVersion.objects.filter(indicator=OuterRef("indicator"), number__gt=OuterRef("number"))
    own = IndicatorVersion.objects.filter(indicator__goal__customer__in=customers_for(user))
    return own.filter(~Exists(newer)).select_related("indicator__goal__customer")


def _goal(goal: Goal) -> Hit:
    return Hit(goal.name, goal.get_absolute_url(), f"{goal.customer.name} · {goal.get_state_display()}")


def _indicator(version: IndicatorVersion) -> Hit:
    detail = f"{version.indicator.goal.customer.name} · {version.get_state_display()}"
    return Hit(version.text("name", get_language() or "en"), version.indicator.get_absolute_url(), detail)


find(
    Kind("goals", _("Goals"), "target", 3, goals_for, ("name",), _goal, beside=("customer__name",)),
    Kind(
        "indicators", _("Key Value Indicators"), "chart-line", 4, _latest_versions, NAMES, _indicator,
        beside=("indicator__goal__customer__name",),
    ),
)  # fmt: skip
begin(Action(_("New goal"), "kvi:goal_new", "target"))
