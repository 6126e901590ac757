"""Upsell potential from what is known of the payers (metrics.md, section 5.6)."""

from datetime import date
from fractions import Fraction

import pytest

from cs_portal.metrics.base import Asked, Period, Result, Scope
from cs_portal.metrics.potential import REASONS, PotentialTally, Signs, upsell_potential

JANUARY = Period(date(2025, 1, 1), date(2025, 2, 1))
EXAMPLE = Signs(Fraction("0.95"), Fraction("84.25"), (Fraction("0.73"),), Fraction(60))
ALL = Signs(Fraction("0.9"), Fraction("100.01"), (Fraction("0.2"), Fraction(1)), Fraction(50))


def asked(level, parameter=None):
    return Asked(Scope(level, ("C1",), JANUARY, date(2025, 3, 1)), "default", parameter)


@pytest.mark.parametrize(
    ("signs", "reasons"),
    [
        (EXAMPLE, {"seats_nearly_full", "promoter"}),
        (ALL, set(REASONS)),
        (Signs(Fraction("0.8999"), Fraction(100), (Fraction("0.99"),), Fraction("49.99")), set()),
        (Signs(Fraction(2), Fraction(40), (Fraction(1),), Fraction(100)), set()),
        (Signs(Fraction(2), None, (), None), {"seats_nearly_full"}),
        (Signs(), set()),
    ],
)
def test_a_customers_reasons_are_counted_one_by_one(signs, reasons):
    tally = PotentialTally(True, (signs,))
    assert upsell_potential(tally, asked("customer")) == Result(Fraction(len(reasons)), n=1)
    for reason in REASONS:
        assert upsell_potential(tally, asked("customer", reason)) == Result(Fraction(reason in reasons), n=1)


def test_above_it_the_customers_with_at_least_one_are_counted():
    tally = PotentialTally(True, (EXAMPLE, ALL, Signs()))
    assert upsell_potential(tally, asked("portfolio")) == Result(Fraction(2), n=3)
    assert upsell_potential(tally, asked("segment", "goal_reached")) == Result(Fraction(1), n=3)


def test_nobody_who_pays_has_none_and_nobody_at_all_has_no_data():
    assert upsell_potential(PotentialTally(True, ()), asked("customer")) == Result(Fraction(0), n=0)
    assert upsell_potential(PotentialTally(False, ()), asked("customer")) == Result(None, n=0, reason="no_data")
