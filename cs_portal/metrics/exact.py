"""Exact numbers: rational sums and quotients, roots with 50 digits, plain text (metrics.md, section 1.2)."""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

Number = Fraction | Decimal | int
DIGITS = 50
Z = Fraction("1.959963984540054")  # the normal quantile of 97.5 %
PLACES = 10


def root(square: Fraction) -> Fraction:
    """√square with 50 significant digits, half to even."""
    wide = Context(prec=DIGITS + 20, rounding=ROUND_HALF_EVEN)
    exact_root = wide.sqrt(wide.divide(Decimal(square.numerator), Decimal(square.denominator)))
    return Fraction(Context(prec=DIGITS, rounding=ROUND_HALF_EVEN).plus(exact_root))


def power(base: Fraction, exponent: Fraction) -> Fraction:
    """base ** exponent for base ≥ 0, with 50 significant digits unless the exponent is whole."""
    if exponent.denominator == 1:
        return Fraction(base**exponent.numerator)
    if base == 0:
        return Fraction(0)
    wide = Context(prec=DIGITS + 20, rounding=ROUND_HALF_EVEN)
    x, y = (wide.divide(Decimal(f.numerator), Decimal(f.denominator)) for f in (base, exponent))
    return Fraction(Context(prec=DIGITS, rounding=ROUND_HALF_EVEN).plus(wide.power(x, y)))


def plain(number: Number) -> str:
    """At most 10 decimal places, half to even; no exponent, plus sign, trailing zeros or negative zero."""
    scaled = round(Fraction(number) * 10**PLACES)
    whole, part = divmod(abs(scaled), 10**PLACES)
    text = f"{whole}.{part:0{PLACES}d}".rstrip("0").rstrip(".")
    return f"-{text}" if scaled < 0 else text


def clamp(number: Fraction, low: int, high: int) -> Fraction:
    return min(max(number, Fraction(low)), Fraction(high))
