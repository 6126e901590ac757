"""Goals, indicators, versions and measurements for tests."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from accounts.models import Customer
from kvi.models import Goal, Indicator, IndicatorVersion, Measurement
from tests.factories.accounts import make_customer

_numbers = count(1)
LONG_AGO = date.today() - timedelta(days=200)
DEFINITION: dict[str, Any] = {
    "name": "Handling time",
    "texts": {
        "de": {"name": "Bearbeitungszeit", "question": "Wie lange?"},
        "en": {"name": "Handling time", "question": ""},
    },
    "kind": "quantitative",
    "direction": "decrease",
    "unit": "min",
    "baseline": 12,
    "target": 6,
    "baseline_date": LONG_AGO,
    "due_date": LONG_AGO + timedelta(days=365),
}


def make_goal(customer: Customer | None = None, **fields: Any) -> Goal:
    number = next(_numbers)
    customer = customer or make_customer()
    defaults = {"name": f"Goal {number}", "start_date": LONG_AGO, "external_id": f"O-{number}", "state": "agreed"}
    return Goal.objects.create(customer=customer, **{**defaults, **fields})


def make_indicator(goal: Goal | None = None, **version: Any) -> Indicator:
    """Agreed long ago; ``state="draft"`` makes a draft."""
    indicator = Indicator.objects.create(goal=goal or make_goal(), external_id=f"K-{next(_numbers)}")
    agreed = {"state": "agreed", "agreed_on": LONG_AGO, "valid_from": LONG_AGO, "provenance": "recorded"}
    if version.get("state", "agreed") != "agreed":
        agreed = {"state": version["state"], "valid_from_last_signature": True}
    IndicatorVersion.objects.create(indicator=indicator, **{**DEFINITION, **agreed, **version})
    return indicator


def make_measurement(indicator: Indicator | None = None, **fields: Any) -> Measurement:
    defaults = {"date": date.today() - timedelta(days=5), "value": 9, "external_id": f"M-{next(_numbers)}"}
    return Measurement.objects.create(indicator=indicator or make_indicator(), **{**defaults, **fields})
