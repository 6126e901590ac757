"""Words for a value: bands of the ratios of section 5.6, taken from the exact value."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from .base import Reading

GOOD, WATCH, LOSS, LOW = "good", "watch", "loss", "low"


def ltv_cac_band(value: Fraction) -> str:
    """Below 1 a customer costs more than it brings."""
    if value < 1:
        return LOSS
    return WATCH if value < 3 else GOOD


def cac_ltv_band(value: Fraction) -> str:
    """The same for the inverse."""
    if value > 1:
        return LOSS
    return WATCH if value > Fraction(1, 3) else GOOD


def ltv_crc_band(value: Fraction) -> str:
    """Up to 2 keeping customers costs too much for what they pay."""
    if value <= 2:
        return LOW
    return WATCH if value < 3 else GOOD


BANDS: Mapping[str, Callable[[Fraction], str]] = {
    "ltv_cac": ltv_cac_band,
    "cac_ltv": cac_ltv_band,
    "ltv_crc": ltv_crc_band,
}


def band_of(reading: Reading) -> str | None:
    """The band of the reading; None when its metric has none or its value is missing."""
    band = BANDS.get(reading.code)
    return None if band is None or reading.value is None else band(reading.value)
