"""How indicators stand today: the readings that pages, work lists and the portal show, in one batch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import customers_for, may_write, writable_customers_for
from accounts.models import Customer, PortalAccess, User
from accounts.services import workspace_settings
from cs_portal.kit.once import once
from cs_portal.kit.work import WorkItem
from cs_portal.metrics.attainment import path_band
from cs_portal.metrics.base import Period, Reading, WorkspaceSettings
from kvi import queries
from kvi.models import Goal, Indicator, IndicatorVersion, Measurement, VersionState
from kvi.scorecard import measure, today
from kvi.tallies import definition

CODES = ("kvi_attainment", "kvi_planned", "kvi_path_gap")
STATES = ("not_defined", "proposed", "agreed", "off_path", "stale", "disputed")
OFF_PATH = frozenset({"behind", "critical"})


@dataclass(frozen=True)
class Standing:
    """An indicator today. ``state`` is one of STATES; ``band`` is empty without a current measurement and plan."""

    indicator: Indicator
    version: IndicatorVersion | None
    latest: Measurement | None
    attainment: Reading
    planned: Reading
    gap: Reading
    band: str
    state: str
    due: date | None

    @property
    def is_active(self) -> bool:
        return self.planned.reason is None or self.attainment.reason != "not_applicable"


def standings(indicators: Sequence[Indicator], day: date | None = None) -> list[Standing]:
    """In the order given; a constant number of queries. The indicators come from ``queries.with_versions``."""
    settings = workspace_settings()
    day = day or today(settings)
    latest = queries.latest_measurements(indicators)
    names = [indicator.external_id for indicator in indicators]
    readings = measure(CODES, Period.trailing(1, until=day), level="kvi", subjects=names) if names else []
    found = {(reading.subject, reading.code): reading for reading in readings}
    return [
        _standing(
            indicator, latest.get(indicator.pk), [found[indicator.external_id, code] for code in CODES], day, settings
        )
        for indicator in indicators
    ]


def _standing(
    indicator: Indicator, latest: Measurement | None, readings: list[Reading], day: date, settings: WorkspaceSettings
) -> Standing:
    attainment, planned, gap = readings
    version = queries.shown_version(indicator.all_versions)  # type: ignore[attr-defined]
    band = ""
    if gap.value is not None and version is not None:
        tolerance = settings.kvi_path_tolerance if version.path_tolerance is None else version.path_tolerance
        band = path_band(Fraction(gap.value), tolerance)
    due = _due(version, latest)
    state = _state(version, latest, attainment, band, day)
    return Standing(indicator, version, latest, attainment, planned, gap, band, state, due)


def _due(version: IndicatorVersion | None, latest: Measurement | None) -> date | None:
    """The day by which the next measurement is expected: one cadence after the last, or the first day of force."""
    if version is None or version.state != VersionState.AGREED:
        return None
    if latest is None:
        return version.valid_from
    return replace(definition(version), grace_days=0).stale_from(latest.date)


def _state(
    version: IndicatorVersion | None, latest: Measurement | None, attainment: Reading, band: str, day: date
) -> str:
    if version is None or version.state in (VersionState.DRAFT, VersionState.DECLINED, VersionState.WITHDRAWN):
        return "not_defined"
    if version.state == VersionState.PROPOSED:
        return "proposed"
    if latest is not None and latest.status == Measurement.Status.DISPUTED:
        return "disputed"
    if attainment.reason == "no_data" and version.valid_from is not None and version.valid_from <= day:
        return "stale" if latest is not None else "agreed"
    return "off_path" if band in OFF_PATH else "agreed"


@once
def customer_standings(user: User, customer: Customer) -> list[Standing]:
    """Of all indicators of a customer; the page and its next steps share them."""
    return standings(list(queries.indicators_for(user).filter(goal__customer=customer)))


@once
def portal_standings(access: PortalAccess) -> list[Standing]:
    """Of what a contact sees, with signatures; the page and what waits for the contact share them."""
    return standings(list(queries.in_full(queries.portal_indicators(access))))


def customer_goals(customer: Customer, user: User) -> dict[str, Any]:
    """Context of kvi/_customer_goals.html."""
    goals = list(queries.goals_for(user).filter(customer=customer))
    return {"goal_rows": _goal_rows(goals, customer_standings(user, customer)), "may_write": may_write(user, customer)}


def portal_goals(access: PortalAccess) -> dict[str, Any]:
    """Context of kvi/_portal_goals.html: only what was proposed or agreed."""
    rows = _goal_rows(list(queries.portal_goals(access)), portal_standings(access))
    return {"goal_rows": [row for row in rows if row[1]]}


def _goal_rows(goals: list[Goal], found: Iterable[Standing]) -> list[tuple[Goal, list[Standing], Reading | None]]:
    by_goal: dict[int, list[Standing]] = {goal.pk: [] for goal in goals}
    for standing in found:
        by_goal.setdefault(standing.indicator.goal_id, []).append(standing)
    period = Period.trailing(1, until=today(workspace_settings()))
    names = [goal.external_id for goal in goals]
    readings = measure(["goal_attainment"], period, level="goal", subjects=names) if names else []
    attained = {reading.subject: reading for reading in readings}
    return [(goal, by_goal[goal.pk], attained.get(goal.external_id)) for goal in goals]


# --- work lists -----------------------------------------------------------------------------------------


def work_items(user: User, customer: Customer | None = None) -> list[WorkItem]:
    """What a colleague has to do on goals and indicators of the customers that are theirs to change; or of one."""
    mine, day = _own_customers(user, customer), today(workspace_settings())
    open_goals = Goal.objects.filter(customer__in=mine, state__in=("agreed", "achieved"), next_review_on__lte=day)
    reviews = [
        WorkItem(
            _("Ask whether “%(goal)s” is still the goal") % {"goal": goal.name},
            goal.customer.name, goal.get_absolute_url(), _("Review"), goal.next_review_on, "goal_review",
        )
        for goal in open_goals.select_related("customer")
    ]  # fmt: skip
    return reviews + [item for standing in _own_standings(user, customer, mine) if (item := _work_item(standing, day))]


def _own_standings(user: User, customer: Customer | None, mine: QuerySet[Customer]) -> list[Standing]:
    """Of the goals still pursued: of all own customers, or of the one, if it is theirs to change."""
    if customer is None:
        pursued = Indicator.objects.filter(goal__customer__in=mine, goal__retired_on__isnull=True)
        return standings(list(queries.with_versions(pursued)))
    if not may_write(user, customer):
        return []
    return [one for one in customer_standings(user, customer) if one.indicator.goal.retired_on is None]


def _own_customers(user: User, customer: Customer | None) -> QuerySet[Customer]:
    if customer is not None:
        return writable_customers_for(user).filter(pk=customer.pk)
    mine = customers_for(user) if user.role in ("admin", "lead") else writable_customers_for(user)
    return mine if user.role == "csm" else mine.filter(owner=user)


def _work_item(standing: Standing, day: date) -> WorkItem | None:
    indicator, version = standing.indicator, standing.version
    if version is None:
        return None
    words = {"kvi": version.name}
    customer, url = indicator.goal.customer.name, indicator.get_absolute_url()
    if version.state == VersionState.PROPOSED and version.proposed_by_side == "customer":
        return WorkItem(_("The customer proposes “%(kvi)s”") % words, customer, url, _("Answer"), day, "proposal")
    if standing.state == "disputed":
        return WorkItem(_("A value of “%(kvi)s” is disputed") % words, customer, url, _("Look"), day, "disputed")
    if standing.due is not None and standing.due <= day and standing.is_active:
        return WorkItem(_("“%(kvi)s” is due to be measured") % words, customer, url, _("Measure"), standing.due, "due")
    return None


def portal_items(access: PortalAccess) -> list[WorkItem]:
    """What waits for a contact: proposals to sign, values to confirm, values to enter."""
    if not access.may_contribute:
        return []
    day = today(workspace_settings())
    return [item for standing in portal_standings(access) if (item := _portal_item(standing, access, day))]


def _portal_item(standing: Standing, access: PortalAccess, day: date) -> WorkItem | None:
    version, indicator = standing.version, standing.indicator
    if version is None:
        return None
    words = {"kvi": version.text("name", access.contact.reading_language)}
    where = (indicator.goal.customer.name, reverse("kvi:portal_indicator", args=[indicator.public_id]))
    proposal = next((v for v in indicator.all_versions if v.state == VersionState.PROPOSED), None)  # type: ignore[attr-defined]
    if proposal and access.may_sign and not any(a.side == "customer" for a in proposal.agreements.all()):
        return WorkItem(_("“%(kvi)s” is proposed to you") % words, *where, _("Read and answer"), None, "proposal")
    if standing.latest is not None and standing.latest.status == Measurement.Status.UNCONFIRMED:
        return WorkItem(_("Is the latest value of “%(kvi)s” right?") % words, *where, _("Confirm"), None, "confirm")
    if standing.due is not None and standing.due <= day and standing.is_active:
        return WorkItem(_("“%(kvi)s” is due to be measured") % words, *where, _("Enter"), standing.due, "due")
    return None
