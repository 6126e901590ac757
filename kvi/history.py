"""What the audit's entries about goals and indicators say, and which belong to one of them."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.audit.queries import Line, history
from accounts.audit.words import call, say
from kvi import kept  # noqa: F401 - declares what is kept
from kvi.models import Goal, Indicator, IndicatorVersion


def _reviewed(details: Mapping[str, Any]) -> Promise:
    if details.get("still_valid", True):
        return _("%(who)s reviewed the goal: it is still the goal")
    return _("%(who)s reviewed the goal: it has changed")


say(
    {
        "goal.created": _("%(who)s created the goal"),
        "goal.edited": _("%(who)s edited the goal"),
        "goal.achieved": _("%(who)s marked the goal as achieved"),
        "goal.retired": _("%(who)s retired the goal"),
        "goal.reviewed": _reviewed,
        "indicator.drafted": _("%(who)s drafted a definition"),
        "indicator.redrafted": _("%(who)s changed the draft of a definition"),
        "indicator.proposed": _("%(who)s proposed a definition"),
        "indicator.accepted": _("%(who)s accepted the definition"),
        "indicator.declined": _("%(who)s declined the definition"),
        "indicator.withdrawn": _("%(who)s withdrew the proposal"),
        "indicator.agreement_recorded": _("%(who)s recorded an agreement made outside the portal"),
        "indicator.retired": _("%(who)s retired the indicator"),
        "indicator.reminded": _("%(who)s reminded the customer of the proposal"),
        "measurement.commented": _("%(who)s changed the comment of a value"),
        "measurement.recorded": _("%(who)s recorded a value"),
        "measurement.revised": _("%(who)s revised a value"),
        "measurement.confirmed": _("%(who)s confirmed a value"),
        "measurement.disputed": _("%(who)s disputed a value"),
        "measurement.unconfirmed": _("%(who)s withdrew the dispute of a value"),
        "health.model_stored": _("%(who)s stored a health model"),
        "health.action_points_stored": _("%(who)s stored the points of actions"),
        "health.override_set": _("%(who)s set a customer's band by hand"),
    }
)
call(
    {
        "kvi.goal": _("Goal"),
        "kvi.indicator": _("Indicator"),
        "kvi.indicatorversion": _("Definition"),
        "kvi.measurement": _("Measurement"),
        "health.healthmodel": _("Health model"),
        "health.actionpoints": _("Points of actions"),
        "health.healthoverride": _("Band set by hand"),
    }
)


def goal_history(goal: Goal) -> list[Line]:
    """The goal's own entries and those of its indicators' definitions; values have their indicator's page."""
    return history(goal, goal.indicators.all(), IndicatorVersion.objects.filter(indicator__goal=goal))


def indicator_history(indicator: Indicator) -> list[Line]:
    return history(indicator, indicator.versions.all(), indicator.measurements.all())
