"""The whole catalogue as one page: families of figures with their values in a period and in the one before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from cs_portal.metrics.base import Metric, Period, Reading, Reason
from kvi.catalog import CATALOG
from kvi.scorecard import measure

from .cards import name_of
from .numbers import Population

FAMILIES = {
    "5": _("Revenue"),
    "6": _("Feedback"),
    "7": _("Support"),
    "8": _("Usage"),
    "9": _("Onboarding"),
    "10": _("Health"),
    "11": _("Goals and value"),
}


@dataclass(frozen=True)
class Line:
    title: str
    reading: Reading
    before: Reading | None


@dataclass(frozen=True)
class Family:
    name: Any
    lines: Sequence[Line]

    @property
    def is_empty(self) -> bool:
        """Nothing that any of them counts exists."""
        return all(line.reading.reason == Reason.NO_DATA for line in self.lines)


def families(period: Period, population: Population, language: str) -> list[Family]:
    """Every figure of the whole, by family, in the order of the catalogue."""
    earlier = {one.metric: one for one in _totals(period.previous(), population)}
    lines: dict[str, list[Line]] = {}
    for reading in _totals(period, population):
        line = Line(name_of(reading, language), reading, earlier.get(reading.metric))
        lines.setdefault(family_of(CATALOG[reading.code]), []).append(line)
    return [Family(FAMILIES[number], found) for number, found in lines.items()]


def family_of(metric: Metric) -> str:
    """The section of the catalogue it stands in."""
    return metric.source.rpartition(" ")[2].partition(".")[0]


def _totals(period: Period, population: Population) -> list[Reading]:
    """Parameters only of what has no total of its own."""
    found = measure(None, period, customers=population.ids)
    return [one for one in found if ":" not in one.metric or not CATALOG[one.code].has_total]
