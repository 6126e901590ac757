"""How a reading looks to people: rounded half up, in their language (metrics.md, section 1.2)."""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import Final

from babel import Locale
from babel.numbers import NumberPattern, parse_pattern

from .base import Interval, Reading

DASH: Final = "—"
MINUS: Final = "\N{MINUS SIGN}"  # a hyphen breaks the line and is read as none
PLAIN_RATIOS: Final = frozenset({"quick_ratio", "ltv_cac", "cac_ltv", "ltv_crc", "kvi_roi", "churn_model_lift10"})
_MINOR_DIGITS: Final = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0,
    "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
    "CLF": 4, "UYW": 4,
}  # fmt: skip

_REMEMBERED: Final = 4096  # texts: a list, a report and its PDF say the same numbers
_REASONS: Final = {
    "not_applicable": {"de": "nicht anwendbar", "en": "not applicable"},
    "incomplete_period": {"de": "Zeitraum läuft noch", "en": "period still running"},
    "no_data": {"de": "keine Daten", "en": "no data"},
    "mixed_currency": {"de": "Wechselkurs fehlt", "en": "exchange rate missing"},
    "below_minimum_n": {"de": "zu wenige Antworten", "en": "too few answers"},
    "zero_denominator": {"de": "Bezugsgröße ist null", "en": "nothing to divide by"},
}


def display(reading: Reading, language: str) -> str:
    """The value as people read it, or a dash; ``reason_text`` says why it is missing."""
    return DASH if reading.value is None else number_text(reading.value, reading, language)


def display_interval(reading: Reading, language: str) -> str:
    """``[low, high]`` in the form of the value; empty without an interval."""
    if reading.interval is None:
        return ""
    return interval_text(reading.interval, reading, language)


def interval_text(interval: Interval, reading: Reading, language: str) -> str:
    low, high = (number_text(bound, reading, language) for bound in interval)
    return f"[{low}; {high}]" if language == "de" else f"[{low}, {high}]"


def reason_text(reason: str | None, language: str) -> str:
    """The short reason in the language; empty when there is none."""
    return _REASONS[reason][_known(language)] if reason else ""


def number_text(number: Fraction, reading: Reading, language: str) -> str:
    """A number in the unit of the reading."""
    if reading.unit == "money":
        return money_text(number, reading.currency or "EUR", language)
    if reading.unit == "ratio":
        if reading.code in PLAIN_RATIOS:
            return decimal_text(number, 2, language)
        return decimal_text(number * 100, 1, language) + ("\N{NO-BREAK SPACE}%" if language == "de" else "%")
    if reading.unit == "count":
        return decimal_text(number, 0 if number.denominator == 1 else 2, language)
    return decimal_text(number, 1, language)


@lru_cache(maxsize=_REMEMBERED)
def decimal_text(number: Fraction, digits: int, language: str) -> str:
    """Exactly ``digits`` decimals, grouped as the language does."""
    return signed(_plain_pattern(digits).apply(half_up(number, digits), _locale(_known(language))))


@lru_cache(maxsize=_REMEMBERED)
def money_text(number: Fraction, currency: str, language: str) -> str:
    """In the minor digits that ISO 4217 gives the currency."""
    digits = _MINOR_DIGITS.get(currency, 2)
    locale, pattern = _locale(_known(language)), _money_pattern(_known(language), digits)
    return signed(str(pattern.apply(half_up(number, digits), locale, currency=currency, currency_digits=False)))


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


@cache
def _plain_pattern(digits: int) -> NumberPattern:
    return parse_pattern("#,##0" + ("." + "0" * digits if digits else ""))


@cache
def _money_pattern(language: str, digits: int) -> NumberPattern:
    pattern: NumberPattern = parse_pattern(_locale(language).currency_formats["standard"].pattern)
    pattern.frac_prec = (digits, digits)
    return pattern


def signed(text: str) -> str:
    """A number's text with a real minus sign."""
    return MINUS + text[1:] if text.startswith("-") else text


def half_up(number: Fraction, digits: int) -> Decimal:
    """Rounded half up (away from zero); never negative zero."""
    scaled = abs(number) * 10**digits
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    rounded = Decimal(units).scaleb(-digits, Context(prec=max(28, len(str(units)) + digits), rounding=ROUND_HALF_UP))
    return -rounded if number < 0 and units else rounded


def _known(language: str) -> str:
    return "de" if language.lower().startswith("de") else "en"
