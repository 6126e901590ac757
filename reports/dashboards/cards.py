"""What a figure's own page says: how it came about, its variants, its months, and whose figures it is made of."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.access import Viewer, current_customers_for, customers_for, sees_whole_portfolio
from accounts.models import Customer
from accounts.revenue.models import ChangeReason, ChurnRecord
from cs_portal.kit.charts import Chart
from cs_portal.metrics.base import Metric, Period, Reading
from cs_portal.metrics.display import decimal_text, display, money_text
from kvi.catalog import CATALOG
from kvi.hidden import hides_others
from kvi.scorecard import MetricRequestError, measure
from kvi.subjects import known_subjects

from .charts import metric_chart
from .numbers import population_of
from .periods import months_until

MONTHS = 12
PARTS = 25
PARAMETERS = {
    "promoter": _lazy("Promoters (9–10)"),
    "passive": _lazy("Passives (7–8)"),
    "detractor": _lazy("Detractors (0–6)"),
    "collective": _lazy("For the whole company"),
    "individual": _lazy("individual goals"),
    "nps": "NPS",
    "csat": "CSAT",
    "ces": "CES",
    **dict(ChurnRecord.Reason.choices),
    **dict(ChangeReason.choices[1:4]),
}


class Hidden(Exception):
    """The figure is of a whole that holds customers whom the person does not see."""


class Unknown(Exception):
    """No such metric, variant or subject, as far as the person may know."""


@dataclass(frozen=True)
class Figure:
    """One number: of what, when, in which variant. ``customers`` narrows the portfolio to those the person sees."""

    name: str  # code, or code:parameter
    period: Period
    level: str = "portfolio"
    subject: str | None = None
    variant: str = "default"
    customers: frozenset[int] | None = None

    @property
    def metric(self) -> Metric:
        return CATALOG[self.name.partition(":")[0]]

    def readings(self, *, variant: str | None = None) -> list[Reading]:
        """Raises MetricRequestError."""
        subjects = None if self.subject is None else [self.subject]
        return measure(
            [self.name], self.period, level=self.level, subjects=subjects,
            variant=variant or self.variant, customers=self.customers,
        )  # fmt: skip

    @property
    def reading(self) -> Reading:
        return self.readings()[0]

    @property
    def parameters(self) -> dict[str, str]:
        """Of the address, without the period."""
        said = {"level": self.level, "subject": self.subject or "", "variant": self.variant}
        usual = {"level": "portfolio", "subject": "", "variant": "default"}
        return {name: value for name, value in said.items() if value != usual[name]}


@dataclass(frozen=True)
class Card:
    """Everything on the page. ``parts`` are the customers with the highest values, of ``parts_count``."""

    figure: Figure
    metric: Metric
    title: str
    whose: str
    reading: Reading
    before: Reading
    variants: Sequence[Reading]
    parameters: Sequence[Reading]
    months: Sequence[Reading]
    chart: Chart | None
    parts: Sequence[tuple[Customer, Reading]]
    parts_count: int


def figure_for(user: Viewer, figure: Figure) -> Figure:
    """The figure as far as the person may see it. Raises Hidden and Unknown."""
    visible = None if sees_whole_portfolio(user) else customers_for(user)
    if figure.name.partition(":")[0] not in CATALOG:
        raise Unknown
    if figure.level == "portfolio":
        return replace(figure, customers=population_of(user).ids, subject=None)
    if visible is not None and hides_others(figure.level, figure.subject, None, visible):
        raise Hidden
    if figure.subject is None or not known_subjects(figure.level, [figure.subject], visible):
        raise Unknown
    return figure


def card_of(user: Viewer, figure: Figure) -> Card:
    """Raises MetricRequestError for a level or variant that the metric lacks."""
    first, language = figure.readings(), get_language() or "en"
    if not first:  # a metric that only answers when a parameter is named
        raise Unknown
    reading, months = first[0], _months(figure)
    title = name_of(reading, language)
    parts = parts_of(user, figure)
    return Card(
        figure=figure, metric=figure.metric, title=title, whose=_whose(user, figure), reading=reading,
        before=replace(figure, period=figure.period.previous()).reading,
        variants=_variants(figure, reading), parameters=first[1:], months=months,
        chart=metric_chart(months, title, language), parts=parts[:PARTS], parts_count=len(parts),
    )  # fmt: skip


def name_of(reading: Reading, language: str) -> str:
    """The metric's name; a parameter follows it."""
    names, parameter = CATALOG[reading.code].names, parameter_text(reading)
    name = names.get(language[:2], names["en"])
    return f"{name}: {parameter}" if parameter else name


def parameter_text(reading: Reading) -> str:
    """The parameter in words; a channel or feature as the data name it."""
    parameter = reading.metric.partition(":")[2]
    return str(PARAMETERS.get(parameter, parameter))


def sides(reading: Reading, language: str) -> tuple[str, str] | None:
    """Both sides of the division as people read them, where the formula divides."""
    if reading.numerator is None or reading.denominator is None:
        return None
    over, under = reading.numerator, reading.denominator
    shown = money_text(over, reading.currency, language) if reading.currency else _plain(over, language)
    return shown, _plain(under, language)


def _plain(number: Fraction, language: str) -> str:
    return decimal_text(number, 0 if number.denominator == 1 else 2, language)


def hint(reading: Reading) -> str:
    """What would make a missing value computable."""
    return {
        "not_applicable": _("The period, the subject or a setting does not fit; the formula says what it needs."),
        "incomplete_period": _("The period is not over yet. Choose one that has ended."),
        "no_data": _("Nothing of what this figure counts is there for the period. Enter it, or load it from a file."),
        "mixed_currency": _("An amount has no exchange rate on the first day of the period. Enter or load the rate."),
        "below_minimum_n": _("So few people would be recognisable. The figure appears with more answers."),
        "zero_denominator": _("There is nothing to divide by in this period."),
    }.get(reading.reason or "", "")  # fmt: skip


def likely(reading: Reading, language: str) -> str:
    """The interval in a sentence; empty without one."""
    if reading.interval is None or reading.n is None:
        return ""
    low, high = (display(replace(reading, value=bound), language) for bound in reading.interval)
    return _("From %(n)s answers: with 95 %% confidence between %(low)s and %(high)s.") % {
        "n": reading.n, "low": low, "high": high,
    }  # fmt: skip


def parts_of(user: Viewer, figure: Figure) -> list[tuple[Customer, Reading]]:
    """The customers behind a portfolio or segment, highest value first, those without a value last."""
    metric = figure.metric
    variant = figure.variant if figure.variant in metric.variants_at("customer") else "default"
    if figure.level not in ("portfolio", "segment") or not metric.variants_at("customer"):
        return []
    customers = {customer.external_id: customer for customer in _behind(user, figure)}
    if not customers:
        return []
    try:
        readings = measure([figure.name], figure.period, level="customer", subjects=list(customers), variant=variant)
    except MetricRequestError:  # a variant that only the whole has
        return []
    found = [(customers[reading.subject or ""], reading) for reading in readings if reading.metric == figure.name]
    return sorted(found, key=lambda part: (part[1].value is None, -(part[1].value or 0)))


def _behind(user: Viewer, figure: Figure) -> QuerySet[Customer]:
    found = current_customers_for(user).filter(is_test=False)
    return found.filter(segment=figure.subject) if figure.level == "segment" else found


def _whose(user: Viewer, figure: Figure) -> str:
    if figure.level == "portfolio":
        return population_of(user).label
    if figure.level == "customer":
        return customers_for(user).get(external_id=figure.subject).name
    return figure.subject or ""


def _variants(figure: Figure, reading: Reading) -> list[Reading]:
    """All variants side by side, where there are several."""
    found = [one for one in figure.readings(variant="all") if one.metric == reading.metric]
    return found if len(found) > 1 else []


def _months(figure: Figure) -> list[Reading]:
    return [replace(figure, period=month).reading for month in months_until(figure.period, MONTHS)]
