"""Reads on goals and indicators, always through the gate."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Prefetch, QuerySet

from accounts.access import Viewer, customers_for
from accounts.models import Contact, Customer, PortalAccess
from kvi.models import Goal, Indicator, IndicatorVersion, Measurement, VersionState

SHOWN_TO_CUSTOMER = (
    VersionState.PROPOSED, VersionState.COUNTERED, VersionState.AGREED, VersionState.SUPERSEDED, VersionState.RETIRED,
    VersionState.DECLINED, VersionState.WITHDRAWN,
)  # fmt: skip


def goals_for(user: Viewer) -> QuerySet[Goal]:
    return Goal.objects.filter(customer__in=customers_for(user)).select_related(
        "customer__owner", "user_group", "owner"
    )


def indicators_for(user: Viewer) -> QuerySet[Indicator]:
    """With goal, customer and versions (latest first); two queries however many."""
    return with_versions(Indicator.objects.filter(goal__customer__in=customers_for(user)))


def with_versions(indicators: QuerySet[Indicator], states: Iterable[str] = VersionState.values) -> QuerySet[Indicator]:
    """``all_versions`` holds those in one of the states, latest first."""
    versions = IndicatorVersion.objects.filter(state__in=list(states)).order_by("-number")
    return indicators.select_related("goal__customer__owner").prefetch_related(
        Prefetch("versions", versions, to_attr="all_versions")
    )


def in_full(indicators: QuerySet[Indicator]) -> QuerySet[Indicator]:
    """Those of ``with_versions`` with the owners of both sides, and whom each version was put to and signed by."""
    people = ("proposed_to", "agreements__user", "agreements__contact")
    return indicators.select_related("goal__user_group", "owner", "customer_owner").prefetch_related(
        *(f"all_versions__{who}" for who in people)
    )


def portal_goals(access: PortalAccess) -> QuerySet[Goal]:
    """What a contact sees: goals with something proposed or agreed; drafts stay with us."""
    shown = IndicatorVersion.objects.filter(
        state__in=SHOWN_TO_CUSTOMER, indicator__goal__customer=access.contact.customer
    )
    return Goal.objects.filter(indicators__versions__in=shown).select_related("customer", "user_group").distinct()


def portal_indicators(access: PortalAccess) -> QuerySet[Indicator]:
    """With the versions that were put before the customer; a draft stays with us."""
    shown = IndicatorVersion.objects.filter(state__in=SHOWN_TO_CUSTOMER)
    own = Indicator.objects.filter(goal__customer=access.contact.customer, versions__in=shown).distinct()
    return with_versions(own, SHOWN_TO_CUSTOMER)


def version_on(indicator: Indicator, day: date) -> IndicatorVersion | None:
    """The agreed version in force on the day, when the indicator is active on it (metrics.md 11 rule 1)."""
    agreed = indicator.versions.filter(agreed_on__isnull=False, valid_from__lte=day)
    version = agreed.order_by("-valid_from", "-number").first()
    goal = indicator.goal
    if version is None or day < goal.start_date or (goal.retired_on is not None and day >= goal.retired_on):
        return None
    return version if version.retired_on is None or day < version.retired_on else None


def shown_version(versions: Iterable[IndicatorVersion]) -> IndicatorVersion | None:
    """What stands for the indicator: the agreed version, otherwise the latest one."""
    versions = list(versions)
    agreed = [version for version in versions if version.state == VersionState.AGREED]
    return next(iter(agreed or versions), None)


def latest_measurements(indicators: Iterable[Indicator]) -> Mapping[int, Measurement]:
    """The latest measurement of each indicator, whatever its status; one query."""
    rows = Measurement.objects.filter(indicator__in=list(indicators)).order_by("indicator_id", "-date", "-external_id")
    return {row.indicator_id: row for row in rows.distinct("indicator_id")}


def measurements_of(indicator: Indicator) -> QuerySet[Measurement]:
    return indicator.measurements.select_related("entered_by", "decided_by").prefetch_related("revisions")


def possible_signers(customer: Customer) -> QuerySet[Contact]:
    """Everybody at the customer; who cannot sign yet is told why when chosen."""
    return Contact.objects.filter(customer=customer, is_active=True)
