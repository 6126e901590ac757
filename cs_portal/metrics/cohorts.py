"""What is left of the customers of one month, and which contracts end soon (metrics.md, section 11.9)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from .base import Asked, Reason, Result, no_data, null, quotient
from .exact import Number
from .periods import DAY, add_months

_PARAMETER = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])\+(0|[1-9][0-9]{0,4})")
DUE_WITHIN = ("30", "60", "90")


@dataclass(frozen=True)
class CohortMonth:
    """Those of a cohort that pay on a month's last day; ``unrated`` of them have an amount without a rate."""

    customers: int = 0
    mrr: Number = 0
    unrated: int = 0


@dataclass(frozen=True)
class Cohort:
    """The customers whose first paid day lies in one month, and their months after it by number."""

    customers: int = 0
    months: Mapping[int, CohortMonth] = field(default_factory=dict)

    def month(self, number: int) -> CohortMonth:
        return self.months.get(number, CohortMonth())


Cohorts = Mapping[str, Cohort]  # by month, ``YYYY-MM``


def is_cohort_month(parameter: str) -> bool:
    """``YYYY-MM+m`` with months that the calendar has."""
    return _cohort_month(parameter) is not None


def _cohort_month(parameter: str) -> tuple[str, int, date] | None:
    """The cohort, the number of the month after it, and that month's last day."""
    found = _PARAMETER.fullmatch(parameter)
    if found is None:
        return None
    year, month, number = map(int, found.groups())
    try:
        return parameter.partition("+")[0], number, add_months(date(year, month, 1), number + 1) - DAY
    except (ValueError, OverflowError):
        return None


def cohort_retention(cohorts: Cohorts, asked: Asked) -> Result:
    """Share of the cohort that pays on the last day of month m; ``revenue``: its MRR then ÷ that of month 0."""
    parsed = _cohort_month(str(asked.parameter))
    if parsed is None:
        return null(Reason.NOT_APPLICABLE)
    name, number, last_day = parsed
    cohort = cohorts.get(name, Cohort())
    if last_day > asked.scope.as_of:
        return null(Reason.INCOMPLETE_PERIOD)
    if not cohort.customers:
        return no_data()
    first, then = cohort.month(0), cohort.month(number)
    if asked.variant == "customers":
        return Result(Fraction(then.customers, cohort.customers), n=cohort.customers)
    if first.unrated or then.unrated:
        return null(Reason.MIXED_CURRENCY)
    return quotient(then.mrr, first.mrr, n=first.customers)


@dataclass(frozen=True)
class RenewalTally:
    """Payers on E whose contract ends within so many days after it."""

    is_known: bool = False  # the subject has a subscription row by E
    due: tuple[int, ...] = (0,) * len(DUE_WITHIN)


def renewals_due(tally: RenewalTally, asked: Asked) -> Result:
    """Payers with a renewal date within the days of the parameter."""
    if not tally.is_known:
        return no_data()
    count = tally.due[DUE_WITHIN.index(str(asked.parameter))]
    return Result(Fraction(count), n=count)
