"""How much the support is asked, and how fast it answers (metrics.md, section 7)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from .base import Asked, Reason, Result, no_data, null, quotient
from .exact import Number


@dataclass(frozen=True)
class TicketTimes:
    """The times of a sample: their sum, the two middle ones (equal when n is odd), the nearest rank of 90 %."""

    n: int = 0
    total: Number = 0
    low_middle: Number = 0
    high_middle: Number = 0
    p90: Number = 0


@dataclass(frozen=True)
class SupportTally:
    """A subject's tickets. ``known`` is whether the whole workspace has one opened on or before E."""

    known: bool = False
    opened: int = 0
    closed: int = 0
    open: int = 0
    resolved: int = 0  # of those closed
    judged: int = 0  # of those closed, with a word on the first contact
    at_first_contact: int = 0
    hours: TicketTimes = field(default_factory=TicketTimes)
    minutes: TicketTimes = field(default_factory=TicketTimes)


def _count(read: Callable[[SupportTally], int]) -> Callable[[SupportTally, Asked], Result]:
    def formula(tally: SupportTally, asked: Asked) -> Result:
        return Result(Fraction(read(tally)), n=read(tally)) if tally.known else no_data()

    return formula


tickets_opened = _count(lambda tally: tally.opened)
tickets_closed = _count(lambda tally: tally.closed)
open_tickets = _count(lambda tally: tally.open)


@dataclass(frozen=True)
class PerUserTally:
    tickets: SupportTally
    users: int  # licensed on E


def tickets_per_user(tally: PerUserTally, asked: Asked) -> Result:
    """Tickets opened in the period ÷ users licensed on E."""
    return quotient(tally.tickets.opened, tally.users, n=tally.users) if tally.tickets.known else no_data()


def _times(tally: SupportTally, asked: Asked) -> TicketTimes:
    return tally.minutes if asked.variant == "handling" else tally.hours


def average_ticket_time(tally: SupportTally, asked: Asked) -> Result:
    """Mean hours from opening to closing; ``handling``: mean minutes of work."""
    times = _times(tally, asked)
    return quotient(times.total, times.n, n=times.n) if tally.known else no_data()


def _of_sample(read: Callable[[TicketTimes], Number]) -> Callable[[SupportTally, Asked], Result]:
    def formula(tally: SupportTally, asked: Asked) -> Result:
        times = _times(tally, asked)
        if not tally.known:
            return no_data()
        return Result(Fraction(read(times)), n=times.n) if times.n else null(Reason.ZERO_DENOMINATOR, n=0)

    return formula


median_ticket_time = _of_sample(lambda times: (Fraction(times.low_middle) + Fraction(times.high_middle)) / 2)
p90_ticket_time = _of_sample(lambda times: times.p90)


def first_contact_resolution(tally: SupportTally, asked: Asked) -> Result:
    """Solved at first contact ÷ closed in the period; ``resolved_only``: ÷ closed and resolved."""
    if not tally.known or (tally.closed and not tally.judged):
        return no_data()
    base = tally.resolved if asked.variant == "resolved_only" else tally.closed
    return quotient(tally.at_first_contact, base, n=base)
