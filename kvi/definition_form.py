"""The form of a definition: what belongs together stands together, what another kind needs is left out.

Every field is there without JavaScript; static/js/definition.js hides the groups whose ``when`` does not hold.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.services import workspace_settings
from cs_portal.kit.currencies import ISO_4217
from cs_portal.kit.fields import DayField, NumberField
from cs_portal.metrics.periods import add_months
from kvi.definition import LANGUAGES, named
from kvi.models import IndicatorVersion

STEP = re.compile(r"(\d{4}-\d{2}-\d{2})\s*[:;,\s]\s*([0-9]+(?:[.,][0-9]+)?)\s*(%?)")
RANGE = ("range_low", "range_high", "tolerance_outside")
RUBRIC = ("levels", "level_scores")
MONEY = ("value_factor_conservative", "value_factor_expected")
Kind, Direction, Path = IndicatorVersion.Kind, IndicatorVersion.Direction, IndicatorVersion.Path


@dataclass(frozen=True)
class Group:
    """Fields on one line of a wide screen. ``when``: the word of definition.js that shows them."""

    names: tuple[str, ...]
    when: str = ""
    caption: str | Promise = ""


SECTIONS: tuple[tuple[str | Promise, tuple[Group, ...]], ...] = (
    (_("What is measured"), (
        Group(("name_de", "name_en"), caption=_("In one language at least; everybody reads their own.")),
        Group(("question_de", "question_en")),
        Group(("kind", "direction", "unit")),
        Group(RUBRIC, "levels", _("For levels in words: baseline and target are numbers of lines, 0 is the lowest.")),
    )),
    (_("From where to where"), (
        Group(("baseline", "target"), "way"),
        Group(RANGE, "range", _("For a number that should stay in a range")),
        Group(("baseline_date", "due_date", "path")),
        Group(("path_points",), "stepped", _("For a path in steps")),
    )),
    (_("How often, how important"), (
        Group(("cadence", "weight", "valid_from")),
        Group(("grace_days", "path_tolerance"), caption=_("Fine points, mostly left empty")),
    )),
    (_("What it is worth"), (
        Group(("value_kind",), "money"),
        Group((*MONEY, "value_currency"), "worth", _("For each unit of improvement; one factor at least")),
    )),
)  # fmt: skip
# Which fields the rules ask for, and when; said before anything is sent.
NEEDED = {
    "direction": "number", "baseline": "number", "target": "number", **dict.fromkeys(RANGE, "range"),
    "levels": "levels", "path_points": "stepped", "value_currency": "worth",
}  # fmt: skip


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class DefinitionForm(forms.Form):
    """All of a definition; ``definition()`` is what the services take."""

    name_de = forms.CharField(label=_("Name in German"), max_length=255, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=255, required=False)
    question_de = forms.CharField(
        label=_("Question in German"), max_length=10_000, required=False, widget=_lines(3),
        help_text=_("What exactly is measured, so that both sides would measure the same?"),
    )  # fmt: skip
    question_en = forms.CharField(label=_("Question in English"), max_length=10_000, required=False, widget=_lines(3))
    kind = forms.ChoiceField(label=_("Measured as"), choices=Kind.choices)
    direction = forms.ChoiceField(label=_("The number"), choices=[("", "—"), *Direction.choices], required=False)
    unit = forms.CharField(label=_("Unit"), max_length=255, required=False)
    baseline = NumberField(label=_("Baseline"), help_text=_("Where you start."))
    baseline_date = DayField(label=_("Baseline date"), required=False)
    target = NumberField(label=_("Target"), help_text=_("Where you want to be."))
    due_date = DayField(label=_("Due date"), required=False)
    range_low = NumberField(label=_("Range from"))
    range_high = NumberField(label=_("Range to"))
    tolerance_outside = NumberField(
        label=_("Tolerance outside the range"), help_text=_("This far outside, nothing of it counts any more.")
    )
    levels = forms.CharField(
        label=_("Levels"), required=False, max_length=5_000, widget=_lines(5),
        help_text=_("One per line, the lowest first."),
    )  # fmt: skip
    level_scores = forms.CharField(
        label=_("Scores of the levels"), required=False, max_length=1_000, widget=_lines(5),
        help_text=_("One per line, from 0 to 1. Empty: evenly spread."),
    )  # fmt: skip
    path = forms.ChoiceField(label=_("Path"), choices=Path.choices, initial="linear", required=False)
    path_points = forms.CharField(
        label=_("Steps"), required=False, max_length=5_000, widget=_lines(3),
        help_text=_("One per line: a date and the share that is planned from then on, e.g. 2026-06-30: 50 %"),
    )  # fmt: skip
    cadence = forms.ChoiceField(label=_("Measured"), choices=IndicatorVersion.Cadence.choices, initial="monthly")
    weight = NumberField(label=_("Weight"), required=True, initial=1)
    valid_from = DayField(label=_("Valid from"), required=False, help_text=_("Empty: the day of the last signature."))
    grace_days = forms.IntegerField(
        label=_("Days of grace"), required=False, min_value=0, max_value=366,
        help_text=_("So many days after its cadence a value still counts."),
    )  # fmt: skip
    path_tolerance = NumberField(
        label=_("Tolerance around the path"), min_value=0, max_value=1,
        help_text=_("From 0 to 1. Empty: as the workspace has it."),
    )  # fmt: skip
    value_kind = forms.ChoiceField(
        label=_("Worth money"), choices=[("", _("not agreed")), *IndicatorVersion.ValueKind.choices], required=False
    )
    value_factor_conservative = NumberField(label=_("Conservative factor"))
    value_factor_expected = NumberField(label=_("Expected factor"))
    value_currency = forms.CharField(label=_("Currency"), max_length=3, required=False)

    def __init__(self, *args: Any, language: str = "en", **options: Any) -> None:
        super().__init__(*args, **options)
        self.language = language
        for name, when in NEEDED.items():
            self.fields[name].widget.attrs |= {"aria-required": "true", "data-needed": when}

    def sections(self) -> list[tuple[str, list[tuple[Group, list[forms.BoundField]]]]]:
        return [
            (str(title), [(group, [self[name] for name in group.names]) for group in groups])
            for title, groups in SECTIONS
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(f"name_{language}") for language in LANGUAGES):
            self.add_error("name_en", _("Please give the indicator a name, in one language at least."))
        return cleaned

    def clean_path(self) -> str:
        return str(self.cleaned_data["path"] or Path.LINEAR)

    def clean_value_currency(self) -> str:
        currency = self.cleaned_data["value_currency"].strip().upper()
        if currency and currency not in ISO_4217:
            raise ValidationError(_("Please enter the three letters of a currency, e.g. EUR."))
        return str(currency)

    def clean_levels(self) -> list[str] | None:
        return _filled_lines(self.cleaned_data["levels"]) or None

    def clean_level_scores(self) -> list[Decimal | None] | None:
        return [NumberField().clean(line) for line in _filled_lines(self.cleaned_data["level_scores"])] or None

    def clean_path_points(self) -> list[list[str]] | None:
        return [_step(line) for line in _filled_lines(self.cleaned_data["path_points"])] or None

    def definition(self) -> dict[str, Any]:
        """The definition that was entered; what belongs to another kind of measurement is left out."""
        cleaned = dict(self.cleaned_data)
        texts = {
            language: {part: cleaned.pop(f"{part}_{language}") for part in ("name", "question")}
            for language in LANGUAGES
        }
        chosen = {**named(texts, self.language), "texts": texts}
        return cleaned | dict.fromkeys(_unused(cleaned), None) | _unsaid(cleaned) | chosen


def _filled_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _step(line: str) -> list[str]:
    step = STEP.fullmatch(line)
    try:
        day = date.fromisoformat(step[1]) if step else None
    except ValueError:
        day = None
    if step is None or day is None:
        raise ValidationError(_("This line is no date with a share: %(line)s"), params={"line": line[:60]})
    share = Decimal(step[2].replace(",", ".")) / (100 if step[3] else 1)
    return [day.isoformat(), f"{share.normalize():f}"]


def _unused(cleaned: Mapping[str, Any]) -> tuple[str, ...]:
    money = () if cleaned["value_kind"] else MONEY
    steps = () if cleaned["path"] == Path.STEPPED else ("path_points",)
    if cleaned["kind"] == Kind.QUALITATIVE:
        return (*RANGE, *money, *steps)
    if cleaned["direction"] == Direction.MAINTAIN:
        return ("baseline", "target", *RUBRIC, *money, *steps)
    return (*RANGE, *RUBRIC, *money, *steps)


def _unsaid(cleaned: Mapping[str, Any]) -> dict[str, str | None]:
    """Words without meaning for this kind."""
    said = {} if cleaned["value_kind"] else {"value_currency": ""}
    if cleaned["kind"] == Kind.QUALITATIVE:
        return {**said, "direction": ""}
    return {**said, "path": Path.LINEAR, "path_points": None} if cleaned["direction"] == Direction.MAINTAIN else said


# --- what the form starts with --------------------------------------------------------------------------


def first_values(start: date) -> dict[str, Any]:
    """Of a new indicator: a year's time, and money in the reporting currency should it come to that."""
    return {
        "baseline_date": start, "due_date": add_months(start, 12), "weight": 1,
        "value_currency": workspace_settings().reporting_currency,
    }  # fmt: skip


def initial_of(version: IndicatorVersion) -> dict[str, Any]:
    """A version as the form's initial values."""
    initial = {name: getattr(version, name, None) for name in DefinitionForm.base_fields}
    for language in LANGUAGES:
        for part in ("name", "question"):
            initial[f"{part}_{language}"] = version.texts.get(language, {}).get(part, "")
    if not any(initial[f"name_{language}"] for language in LANGUAGES):
        initial |= {"name_en": version.name, "question_en": version.question}
    initial["levels"] = "\n".join(version.levels or ())
    initial["level_scores"] = "\n".join(str(NumberField().prepare_value(one)) for one in version.level_scores or ())
    initial["path_points"] = "\n".join(f"{day}: {share}" for day, share in version.path_points or ())
    initial["value_currency"] = version.value_currency or workspace_settings().reporting_currency
    if version.valid_from_last_signature:
        initial["valid_from"] = None
    return initial


def initial_of_template(template: dict[str, Any]) -> dict[str, Any]:
    initial = {key: value for key, value in template.items() if key not in ("texts", "levels")}
    for language, texts in template["texts"].items():
        initial |= {f"{part}_{language}": text for part, text in texts.items()}
    return {**initial, "levels": "\n".join(template.get("levels", ()))}
