"""The picture of an indicator: what was measured, the planned path, the target."""

from datetime import date, timedelta
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cs_portal.kit.charts import Chart, Series, quantity_text, time_chart
from cs_portal.metrics.attainment import planned_attainment
from kvi.models import IndicatorVersion, Measurement
from kvi.tallies import definition

Status = Measurement.Status
NAMES = {Status.CONFIRMED: "full", Status.UNCONFIRMED: "hollow", Status.DISPUTED: "cross"}


def attainment_chart(version: IndicatorVersion, measurements: list[Measurement], language: str) -> Chart:
    """Measured values with their status, the planned path from baseline to target, and the target itself."""
    ordered = sorted(measurements, key=lambda row: row.date)
    marks = {status: [(row.date, _height(row)) for row in ordered if row.status == status] for status in Status.values}
    lines = [(row.date, _height(row)) for row in ordered if row.status != Status.DISPUTED]
    series = [
        Series(_("planned path"), "step" if version.path == "stepped" else "dash", _path(version)),
        Series(_("target"), "rule", _target(version, ordered)),
        Series(_("measured"), "line", lines),
        *(Series(str(Status(status).label).lower(), NAMES[Status(status)], points) for status, points in marks.items()),
    ]
    name = version.text("name", language)
    return time_chart(
        series,
        title=_("%(kvi)s over time") % {"kvi": name},
        unit=version.unit,
        language=language,
        headings=(_("Date"), _("Value"), _("Status")),
        rows=[_table_row(version, row, language) for row in reversed(ordered)],
        levels=version.levels or () if version.kind == "qualitative" else (),
    )


def _table_row(version: IndicatorVersion, row: Measurement, language: str) -> tuple[str, str, str]:
    day = date_format(row.date, "SHORT_DATE_FORMAT")
    return day, value_text(version, row, language), str(row.get_status_display())


def value_text(version: IndicatorVersion, row: Measurement, language: str) -> str:
    """A measured value in words: the level, or the number with its unit."""
    if row.level is not None:
        levels = version.levels or []
        return levels[row.level] if row.level < len(levels) else str(row.level)
    return quantity_text(row.value, version.unit, language)


def _height(row: Measurement) -> float:
    return float(row.level if row.value is None else row.value)  # type: ignore[arg-type]


def _target(version: IndicatorVersion, ordered: list[Measurement]) -> list[tuple[date, float]]:
    heights = [version.range_low, version.range_high] if version.direction == "maintain" else [version.target]
    first = version.baseline_date or (ordered[0].date if ordered else version.valid_from)
    last = max([day for day in (version.due_date, ordered[-1].date if ordered else None) if day], default=first)
    known = [float(height) for height in heights if height is not None]
    if first is None or last is None or first == last or len(known) != 1:
        return []
    return [(first, known[0]), (last, known[0])]


def _path(version: IndicatorVersion) -> list[tuple[date, float]]:
    """The value that was planned for each of some days between baseline date and due date."""
    if version.direction == "maintain" or version.kind == "qualitative":
        return []
    if None in (version.baseline, version.target, version.baseline_date, version.due_date):
        return []
    terms, begin, due = definition(version), version.baseline_date, version.due_date
    low, high = Fraction(version.baseline), Fraction(version.target)  # type: ignore[arg-type]
    days = (due - begin).days  # type: ignore[operator]
    step = max(1, days // 24) if version.path == "stepped" else days
    points = []
    for offset in [*range(0, days, step), days]:
        day = begin + timedelta(days=offset)  # type: ignore[operator]
        share = planned_attainment(terms, day)
        if share is not None:
            points.append((day, float(low + (high - low) * share)))
    return points
