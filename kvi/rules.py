"""Which definitions and measurements make sense: the rules of kvis.csv and kvi_measurements.csv, for people.

The loader states the same rules in SQL (kvi/imports.py); here each comes with the field and what to do about it.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kvi.models import IndicatorVersion

Problem = tuple[str, str]


def check_definition(version: IndicatorVersion) -> None:
    """Raise ValidationError with a message per field when the definition could not be agreed."""
    errors: dict[str, list[str]] = {}
    for field, message in _problems(version):
        errors.setdefault(field, []).append(message)
    if errors:
        raise ValidationError(errors)


def _problems(version: IndicatorVersion) -> Iterator[Problem]:
    if not version.name.strip():
        yield "name", _("Please give the indicator a name.")
    if version.weight <= 0:
        yield "weight", _("The weight must be above 0.")
    if version.grace_days is not None and version.grace_days < 0:
        yield "grace_days", _("Days of grace cannot be negative.")
    if version.baseline_date and version.due_date and version.due_date <= version.baseline_date:
        yield "due_date", _("The due date must lie after the baseline date.")
    yield from _by_kind(version)(version)
    yield from _path_problems(version)
    yield from _money_problems(version)


def _by_kind(version: IndicatorVersion) -> Callable[[IndicatorVersion], Iterator[Problem]]:
    if version.kind == IndicatorVersion.Kind.QUALITATIVE:
        return _level_problems
    if version.direction == IndicatorVersion.Direction.MAINTAIN:
        return _range_problems
    return _way_problems


def _way_problems(version: IndicatorVersion) -> Iterator[Problem]:
    if version.direction not in IndicatorVersion.Direction.values:
        yield "direction", _("Please say whether the number should rise, fall or stay in a range.")
        return
    for field in ("baseline", "target"):
        if getattr(version, field) is None:
            yield field, _("Please enter a number.")
    if version.baseline is None or version.target is None:
        return
    if version.baseline == version.target:
        yield "target", _("The target equals the baseline: there would be nothing to reach.")
    elif (version.target > version.baseline) != (version.direction == IndicatorVersion.Direction.INCREASE):
        yield "target", _("The target lies in the other direction than the number should go.")


def _range_problems(version: IndicatorVersion) -> Iterator[Problem]:
    for field in ("range_low", "range_high", "tolerance_outside"):
        if getattr(version, field) is None:
            yield field, _("Please enter a number.")
    if version.range_low is not None and version.range_high is not None and version.range_low > version.range_high:
        yield "range_high", _("The range must end above where it begins.")
    if version.tolerance_outside is not None and version.tolerance_outside < 0:
        yield "tolerance_outside", _("The tolerance cannot be negative.")


def _level_problems(version: IndicatorVersion) -> Iterator[Problem]:
    levels = version.levels or []
    if len(levels) < 2:
        yield "levels", _("Please describe at least two levels, one per line, the lowest first.")
    for field in ("baseline", "target"):
        index: Decimal | None = getattr(version, field)
        if index is not None and not (index == int(index) and 0 <= index < len(levels)):
            yield field, _("Please choose one of the levels.")
    scores = version.level_scores
    if scores is not None and len(scores) != len(levels):
        yield "level_scores", _("There must be as many scores as levels.")
    if scores is not None and any(not 0 <= score <= 1 for score in scores):
        yield "level_scores", _("Each score lies between 0 and 1.")


def _path_problems(version: IndicatorVersion) -> Iterator[Problem]:
    if version.path != IndicatorVersion.Path.STEPPED:
        return
    days = [day for day, _share in version.path_points or ()]
    if not days:
        yield "path_points", _("Please enter at least one step.")
    if any(later <= earlier for earlier, later in pairwise(days)):
        yield "path_points", _("The dates of the steps must rise.")


def _money_problems(version: IndicatorVersion) -> Iterator[Problem]:
    if not version.value_kind:
        return
    if version.direction not in ("increase", "decrease"):
        yield "value_kind", _("Only a number that should rise or fall can be worth money.")
    if not version.value_currency:
        yield "value_currency", _("Please choose the currency.")
    if version.value_factor_conservative is None and version.value_factor_expected is None:
        yield "value_factor_conservative", _("Please enter at least one factor.")


def check_measurement(
    version: IndicatorVersion | None, *, day: date, today: date, value: Decimal | None, level: int | None
) -> None:
    """Raise ValidationError for a measurement that the version in force on its day cannot take."""
    if day > today:
        raise ValidationError({"date": _("This day lies in the future. Please enter what has been measured.")})
    if version is None:
        raise ValidationError({"date": _("No definition is agreed for this day, so it cannot be measured yet.")})
    if version.kind == IndicatorVersion.Kind.QUALITATIVE:
        if level is None or not 0 <= level < len(version.levels or ()):
            raise ValidationError({"level": _("Please choose one of the levels.")})
    elif value is None:
        raise ValidationError({"value": _("Please enter a number.")})
