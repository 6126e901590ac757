"""Upsell potential: which of four signs a paying customer shows (metrics.md, section 5.6)."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from .base import Asked, Result, WorkspaceSettings, no_data

REASONS: Final = ("seats_nearly_full", "outstanding_health", "goal_reached", "promoter")
OUTSTANDING: Final = 100
TOO_ILL: Final = 40


@dataclass(frozen=True)
class Signs:
    """What is known of a paying customer on E; a value that is missing shows nothing."""

    utilisation: Fraction | None = None  # of the last 28 days
    health: Fraction | None = None
    goals: tuple[Fraction, ...] = ()  # attainment of the goals active on E
    nps: Fraction | None = None  # of the last 180 days


@dataclass(frozen=True)
class PotentialTally:
    """``has_rows``: any subscription row that starts by E; ``payers``: on E."""

    has_rows: bool
    payers: tuple[Signs, ...]


def reasons_of(signs: Signs, settings: WorkspaceSettings) -> frozenset[str]:
    """The reasons met; none for a customer whose health speaks against asking for more."""
    if signs.health is not None and signs.health <= TOO_ILL:
        return frozenset()
    shown = (
        signs.utilisation is not None and signs.utilisation >= Fraction(settings.seats_full_threshold),
        signs.health is not None and signs.health > OUTSTANDING,
        1 in signs.goals,
        signs.nps is not None and signs.nps >= Fraction(settings.advocate_nps_threshold),
    )
    return frozenset(reason for reason, is_met in zip(REASONS, shown, strict=True) if is_met)


def upsell_potential(tally: PotentialTally, asked: Asked) -> Result:
    """At a customer the number of reasons met, above it the customers with at least one; n = payers on E."""
    if not tally.has_rows:
        return no_data()
    met = [reasons_of(signs, asked.scope.settings) for signs in tally.payers]
    if asked.parameter is not None:
        value = sum(asked.parameter in reasons for reasons in met)
    elif asked.scope.level == "customer":
        value = sum(len(reasons) for reasons in met)
    else:
        value = sum(bool(reasons) for reasons in met)
    return Result(Fraction(value), n=len(met))
