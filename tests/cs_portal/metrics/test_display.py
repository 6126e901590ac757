"""How numbers look to people (metrics.md, section 1.2, Display)."""

from datetime import date
from fractions import Fraction

import pytest
from django.template import Context, Template
from django.utils import translation

from cs_portal.metrics.base import Period, Reading
from cs_portal.metrics.display import display, display_interval, reason_text

NBSP = "\N{NO-BREAK SPACE}"


def reading(value, unit="ratio", metric="nps_share:promoter", currency=None, interval=None, reason=None) -> Reading:
    period = Period.parse("2025-01")
    exact = None if value is None else Fraction(value)
    return Reading(
        metric,
        "portfolio",
        None,
        period,
        exact,
        unit,
        None,
        None,
        1,
        interval,
        reason,
        "default",
        date(2025, 2, 1),
        currency,
    )


@pytest.mark.parametrize(
    ("shown", "english", "german"),
    [
        (reading("0.12345"), "12.3%", f"12,3{NBSP}%"),
        (reading("0.12350"), "12.4%", f"12,4{NBSP}%"),
        (reading("-0.00049"), "0.0%", f"0,0{NBSP}%"),
        (reading("-0.0005"), "−0.1%", f"−0,1{NBSP}%"),
        (reading("1.4129032258", metric="kvi_roi"), "1.41", "1,41"),
        (reading("1234.565", metric="ltv_cac"), "1,234.57", "1.234,57"),
        (reading("40", "percent-points", "nps"), "40.0", "40,0"),
        (reading("2.25", "score"), "2.3", "2,3"),
        (reading("0.95", "days"), "1.0", "1,0"),
        (reading("1840", "money", "mrr", "EUR"), "€1,840.00", f"1.840,00{NBSP}€"),
        (reading("1840.005", "money", "mrr", "USD"), "$1,840.01", f"1.840,01{NBSP}$"),
        (reading("1840.5", "money", "mrr", "JPY"), "¥1,841", f"1.841{NBSP}¥"),
        (reading("-0.0005", "money", "mrr", "TND"), "−TND0.001", f"−0,001{NBSP}TND"),
        (reading("1234", "count"), "1,234", "1.234"),
        (reading("0.5714285714", "count"), "0.57", "0,57"),
        (reading(None), "—", "—"),
    ],
)
def test_display(shown, english, german):
    assert (display(shown, "en"), display(shown, "de")) == (english, german)


def test_an_interval_is_shown_as_the_value_is():
    shown = reading("0.5", interval=(Fraction(1, 3), Fraction(1)))
    assert display_interval(shown, "en") == "[33.3%, 100.0%]"
    assert display_interval(shown, "de") == f"[33,3{NBSP}%; 100,0{NBSP}%]"
    assert display_interval(reading("0.5"), "de") == ""


def test_every_reason_has_a_text_in_both_languages():
    reasons = [
        "not_applicable", "incomplete_period", "no_data", "mixed_currency", "below_minimum_n", "zero_denominator",
    ]  # fmt: skip
    texts = [reason_text(reason, language) for reason in reasons for language in ("de", "en")]
    assert len(set(texts)) == 12
    assert reason_text(None, "de") == ""


def test_templates_speak_the_readers_language():
    template = Template(
        "{% load cs_metrics %}{{ a|display }} {{ b|display }} {{ b|why }} {% number b %} {% number a %}"
    )
    context = {"a": reading("0.5"), "b": reading(None, reason="below_minimum_n")}
    with translation.override("de"):
        assert template.render(Context(context)) == (
            f"50,0{NBSP}% — zu wenige Antworten "
            '<span class="cs-number text-secondary">— <span class="small">(zu wenige Antworten)</span></span> '
            f'<span class="cs-number">50,0{NBSP}%</span>'
        )
