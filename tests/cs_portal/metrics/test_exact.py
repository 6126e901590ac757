"""Exact numbers and how they are written (metrics.md, section 1.2)."""

import re
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_portal.metrics.base import Asked, Metric, Period, Reading, Result, Scope, clamp, null, plain, quotient
from cs_portal.metrics.exact import power, root

NUMBERS = st.fractions(max_denominator=10**12)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(2, 3), "0.6666666667"), (40000, "40000"), (Fraction(-1, 10**11), "0"), (0, "0"), (Decimal("-0"), "0"),
        (Decimal("1E+3"), "1000"), (Decimal("0.00000000005"), "0"), (Decimal("0.00000000015"), "0.0000000002"),
        (Fraction(-5, 2), "-2.5"), (Decimal("100.10"), "100.1"), (10**30, "1" + "0" * 30),
    ],
)  # fmt: skip
def test_plain(number, text):
    assert plain(number) == text


@given(NUMBERS)
def test_plain_is_the_nearest_number_of_ten_places_without_ornaments(number):
    text = plain(number)
    assert re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]{0,9}[1-9])?", text)
    assert text != "-0"
    assert abs(Fraction(text) - number) <= Fraction(1, 2 * 10**10)
    assert plain(Fraction(text)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**6), max_value=10**6))
def test_plain_rounds_half_to_even_as_decimal_does(number):
    with localcontext(prec=60):
        assert Decimal(plain(number)) == number.quantize(Decimal("1E-10"), ROUND_HALF_EVEN)


@given(st.fractions(min_value=0, max_value=10**6, max_denominator=10**6))
def test_a_root_has_fifty_digits(square):
    found = root(square)
    assert abs(found**2 - square) <= 3 * square * Fraction(1, 10**49)


def test_powers():
    assert plain(1 - power(Fraction("0.98"), Fraction(12))) == "0.2152832763"
    assert plain(1 - power(Fraction("0.95"), Fraction(1, 12))) == "0.0042653188"
    assert (power(Fraction(0), Fraction(1, 12)), power(Fraction(1, 2), Fraction(3))) == (0, Fraction(1, 8))


def test_clamp_and_quotient():
    assert [clamp(Fraction(x, 2), 0, 1) for x in (-1, 1, 3)] == [0, Fraction(1, 2), 1]
    assert quotient(1, 4, n=4, factor=100) == Result(Fraction(25), Fraction(1), Fraction(4), 4)
    assert quotient(0, 0, n=0) == Result(None, Fraction(0), Fraction(0), 0, None, "zero_denominator")


def _reading(result: Result) -> Reading:
    scope = Scope("customer", ("X",), Period.parse("2025-01"), date(2025, 3, 1))
    metric = Metric("m", {}, "ratio", "higher", ("customer",), lambda _scope: {}, lambda _tally, _asked: result, "", "")
    return Reading.of(metric, Asked(scope, "default", "p"), "X", result)


def test_a_reading_has_thirteen_keys():
    assert _reading(quotient(2, 3, n=3, interval=(Fraction(1, 3), Fraction(1)))).as_json() == {
        "metric": "m:p", "level": "customer", "subject": "X", "period": {"start": "2025-01-01", "end": "2025-02-01"},
        "value": "0.6666666667", "unit": "ratio", "numerator": "2", "denominator": "3", "n": 3,
        "interval": ["0.3333333333", "1"], "reason": None, "variant": "default", "as_of": "2025-03-01",
    }  # fmt: skip


@given(NUMBERS, st.integers(0, 9))
def test_a_stored_reading_reads_back_as_it_was_written(value, n):
    for result in (Result(value, n=n, interval=(value - 1, value + 1)), null("no_data", n=0)):
        stored = _reading(result).as_json()
        assert Reading.from_json(stored).as_json() == stored
