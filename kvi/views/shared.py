"""What staff and portal pages of an indicator share."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import get_language

from accounts.services import workspace_settings
from kvi import queries
from kvi.charts import attainment_chart, value_text
from kvi.forms import MeasurementForm
from kvi.models import Indicator, IndicatorVersion, Measurement, VersionState
from kvi.models.indicators import Side
from kvi.scorecard import today
from kvi.standing import standings


def attempt(form: forms.BaseForm, service: Callable[[], object]) -> bool:
    """Call the service when the form is valid; what it refuses is said at the field."""
    if not form.is_valid():
        return False
    try:
        service()
    except ValidationError as refused:
        _say_at_the_field(form, refused)
        return False
    return True


def _say_at_the_field(form: forms.BaseForm, refused: ValidationError) -> None:
    by_field = refused.message_dict if hasattr(refused, "error_dict") else {None: refused.messages}
    for field, texts in by_field.items():
        for text in texts:
            form.add_error(form_field(form, field), text)


def form_field(form: forms.BaseForm, field: str | None) -> str | None:
    if field in form.fields:
        return field
    return next((name for name in (f"{field}_de", "day" if field == "date" else "") if name in form.fields), None)


def attempt_without_form(request: HttpRequest, service: Callable[[], object], done: str) -> None:
    """A button without fields: what came of it is a message on the next page."""
    try:
        service()
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    else:
        messages.success(request, done)


LATEST = 12  # measurements


def indicator_context(indicator: Indicator, *, everything: bool = False, **more: Any) -> dict[str, Any]:
    """What an indicator's page shows, with ``everything`` all measurements. It comes from queries.with_versions."""
    day, language = today(workspace_settings()), get_language() or "en"
    [standing] = standings([indicator], day)
    rows = list(queries.measurements_of(indicator))
    shown = rows if everything else rows[:LATEST]
    versions: list[IndicatorVersion] = indicator.all_versions  # type: ignore[attr-defined]
    agreed = next((v for v in versions if v.state in (VersionState.AGREED, VersionState.RETIRED)), None)
    context = {
        "indicator": indicator,
        "goal": indicator.goal,
        "customer": indicator.goal.customer,
        "standing": standing,
        "version": standing.version,
        "title": standing.version.text("name", language) if standing.version else "",
        "versions": versions,
        "agreed": agreed,
        "proposal": next((v for v in versions if v.state == VersionState.PROPOSED), None),
        "measurements": _worded(agreed or versions[0], shown, language) if versions else [],
        "earlier": len(rows) - len(shown),
        "chart": attainment_chart(agreed, rows, language) if agreed and rows else None,
        "today": day,
        "language": language,
    }
    if agreed is not None and agreed.state == VersionState.AGREED and "measurement_form" not in more:
        context["measurement_form"] = MeasurementForm(version=agreed, today=day)
    return context | more


def _worded(version: IndicatorVersion, rows: list[Measurement], language: str) -> list[tuple[Measurement, str]]:
    return [(row, value_text(version, row, language)) for row in rows]


def signed_by(version: IndicatorVersion, side: str) -> bool:
    return any(agreement.side == side for agreement in version.agreements.all())


def waits_for(version: IndicatorVersion | None, side: Side) -> bool:
    """Whether this side's signature is what the proposal lacks."""
    return version is not None and not signed_by(version, side)
