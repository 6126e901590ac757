"""Where the month's revenue came from and went, as the Revenue page shows it: readings, words and one picture."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.revenue.models import ChurnRecord
from cs_portal.kit.charts import Chart
from cs_portal.kit.waterfall import GAIN, LEVEL, LOSS, Step, waterfall_chart
from cs_portal.metrics.bands import GOOD, LOW, WATCH, band_of
from cs_portal.metrics.bands import LOSS as AT_A_LOSS
from cs_portal.metrics.base import Period, Reading
from cs_portal.metrics.display import display
from cs_portal.metrics.movements import CHURN_REASONS
from kvi.catalog import CATALOG

from .numbers import Numbers, Population, portfolio_numbers

STEPS = (
    ("mrr_opening", LEVEL, gettext_lazy("Opening")),
    ("mrr_new", GAIN, gettext_lazy("New")),
    ("mrr_reactivation", GAIN, gettext_lazy("Reactivated")),
    ("mrr_expansion", GAIN, gettext_lazy("Expansion")),
    ("mrr_contraction", LOSS, gettext_lazy("Contraction")),
    ("mrr_churned", LOSS, gettext_lazy("Churn")),
    ("mrr", LEVEL, gettext_lazy("Closing")),
)
RATES = ("nrr", "grr", "logo_churn_rate", "quick_ratio", "negative_churn", "trial_to_paid", "open_trials")
ECONOMICS = ("arpa", "customer_lifetime", "clv", "cac", "ltv_cac", "crc", "ltv_crc")
CODES = (*(code for code, _kind, _name in STEPS), *RATES, *ECONOMICS, "churned_customers")
BAND_WORDS = {
    GOOD: gettext_lazy("good"),
    WATCH: gettext_lazy("to watch"),
    LOW: gettext_lazy("low: keeping customers costs too much for what they pay"),
    AT_A_LOSS: gettext_lazy("at a loss"),
}
BAND_STATUS = {GOOD: "good", WATCH: "watch", LOW: "bad", AT_A_LOSS: "bad"}


@dataclass(frozen=True)
class Figure:
    """A metric's name, its reading with its unit, and its band in words if it has one."""

    name: str
    reading: Reading
    said: str
    band: str = ""
    status: str = ""


@dataclass(frozen=True)
class Lost:
    """Customers that left for one reason, and what they paid."""

    reason: str
    customers: Reading
    mrr: Reading


def movement_context(period: Period, population: Population) -> dict[str, Any]:
    """What the page says of the month's movements; as many queries for one customer as for thirty."""
    numbers = portfolio_numbers(CODES, period, population)
    economics = [_figure(numbers[code]) for code in ECONOMICS]
    return {
        "moves": numbers,
        "bridge": bridge_chart(numbers, period),
        "lost": list(_lost(numbers)),
        "economics": economics,
        "judged": any(figure.band for figure in economics),
    }


def bridge_chart(numbers: Numbers, period: Period) -> Chart | None:
    """From the opening to the closing MRR; nothing while one of the steps is unknown or nothing was ever paid."""
    readings = [numbers[code] for code, _kind, _name in STEPS]
    if any(reading.value is None for reading in readings) or not any(reading.value for reading in readings):
        return None
    language = get_language() or "en"
    steps = [
        Step(str(name), kind, float(reading.value or 0), display(reading, language))
        for reading, (_code, kind, name) in zip(readings, STEPS, strict=True)
    ]
    return waterfall_chart(
        steps,
        title=_("How the MRR moved in %(month)s") % {"month": date_format(period.start, "F Y")},
        unit=readings[0].currency or "",
        language=language,
        headings=(_("Step"), _("MRR")),
        note=_(
            "A customer counts once: what it paid on the last day of the month before, against the last day of this."
        ),
    )


def _lost(numbers: Numbers) -> Iterable[Lost]:
    """By reason in the catalogue's order; reasons without anybody are left out."""
    words = dict(ChurnRecord.Reason.choices)
    for reason in CHURN_REASONS:
        customers = numbers[f"churned_customers:{reason}"]
        if customers.value:
            yield Lost(str(words[reason]), customers, numbers[f"mrr_churned:{reason}"])


def _figure(reading: Reading) -> Figure:
    language, band = get_language() or "en", band_of(reading) or ""
    name = CATALOG[reading.code].names["de" if language.startswith("de") else "en"]
    said = display(reading, language)
    if reading.unit == "years":
        said = _("%(number)s years") % {"number": said}
    return Figure(name, reading, said, str(BAND_WORDS.get(band, "")), BAND_STATUS.get(band, ""))
