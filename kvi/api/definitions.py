"""A definition as JSON: read as it was signed, written as the form would have it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.rest.endpoints import RecordSerializer
from accounts.rest.fields import Day, Number, Text, Whole, note
from accounts.rest.inputs import Input
from cs_portal.kit.currencies import ISO_4217
from kvi.definition import LANGUAGES, named, of_another_kind
from kvi.models import IndicatorVersion
from kvi.models.indicators import DEFINITION_FIELDS

TEXTS_SCHEMA = {
    "type": "object",
    "additionalProperties": {
        "type": "object", "properties": {"name": {"type": "string"}, "question": {"type": "string"}},
    },
}  # fmt: skip
STEP_SCHEMA = {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "string"}}
SET_BY_US = (
    "id", "version", "state", "name", "question", "valid_from_last_signature", "agreed_on", "retired_on",
    "content_hash", "provenance", "proposed_by_side", "proposed_at", "note", "external_id", "customer",
)  # fmt: skip


class VersionSerializer(RecordSerializer):
    """One definition; decimals are strings."""

    version = serializers.IntegerField(source="number", read_only=True)
    texts = serializers.SerializerMethodField()
    path_points = serializers.SerializerMethodField()

    class Meta:
        model = IndicatorVersion
        fields = read_only_fields = (
            "id", "version", "state", *DEFINITION_FIELDS, "agreed_on", "retired_on", "content_hash", "provenance",
            "proposed_by_side", "proposed_at", "note",
        )  # fmt: skip

    @extend_schema_field(TEXTS_SCHEMA)
    def get_texts(self, version: IndicatorVersion) -> object:
        return version.texts

    @extend_schema_field({"type": "array", "nullable": True, "items": STEP_SCHEMA})
    def get_path_points(self, version: IndicatorVersion) -> object:
        return version.path_points


class TextInput(Input):
    name = Text(max_length=255, one_line=True, allow_blank=True, default="")
    question = note()


class TextsInput(Input):
    """Names and questions by language; one name at least."""

    de = TextInput(required=False)
    en = TextInput(required=False)

    def validate(self, texts: dict[str, Any]) -> dict[str, dict[str, str]]:
        texts = {language: dict(texts.get(language) or {"name": "", "question": ""}) for language in LANGUAGES}
        if not any(text["name"] for text in texts.values()):
            raise ValidationError(_("Please give the indicator a name, in one language at least."))
        return texts


@extend_schema_field({**STEP_SCHEMA, "example": ["2026-06-30", "0.5"]})
class StepField(serializers.Field):  # type: ignore[type-arg]
    """A day and the share of the way that is planned from then on, 0 to 10 (1 is the target)."""

    def to_internal_value(self, data: Any) -> list[str]:
        if not isinstance(data, list) or len(data) != 2:
            raise ValidationError(_("A step is a day and a share, e.g. %(step)s") % {"step": '["2026-06-30", "0.5"]'})
        day = Day().run_validation(data[0])
        share: Decimal = Number(min_value=0, max_value=10).run_validation(data[1])
        return [day.isoformat(), f"{share.normalize():f}"]


def _number() -> Number:
    return Number(allow_null=True, default=None)


def _day() -> Day:
    return Day(allow_null=True, default=None)


def _chosen(choices: Any, **options: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=choices.choices, **options)


class DefinitionInput(Input):
    """What both sides sign. What belongs to another kind of measurement is refused, not dropped."""

    ours = SET_BY_US

    texts = TextsInput()
    kind = _chosen(IndicatorVersion.Kind, default="quantitative")
    direction = _chosen(IndicatorVersion.Direction, allow_blank=True, default="")
    unit = Text(max_length=255, one_line=True, allow_blank=True, default="")
    baseline, target = _number(), _number()
    baseline_date, due_date, valid_from = _day(), _day(), _day()
    range_low, range_high, tolerance_outside = _number(), _number(), _number()
    levels = serializers.ListField(
        child=Text(max_length=255, one_line=True), allow_null=True, default=None, max_length=50, min_length=2
    )
    level_scores = serializers.ListField(
        child=Number(min_value=0, max_value=1), allow_null=True, default=None, max_length=50
    )
    path = _chosen(IndicatorVersion.Path, default="linear")
    path_points = serializers.ListField(child=StepField(), allow_null=True, default=None, max_length=200)
    path_tolerance = Number(allow_null=True, default=None, min_value=0, max_value=1)
    cadence = _chosen(IndicatorVersion.Cadence, default="monthly")
    grace_days = Whole(allow_null=True, default=None, min_value=0, max_value=366)
    weight = Number(default=1)
    value_kind = _chosen(IndicatorVersion.ValueKind, allow_blank=True, default="")
    value_factor_conservative, value_factor_expected = _number(), _number()
    value_currency = Text(max_length=3, allow_blank=True, default="")

    def validate_value_currency(self, code: str) -> str:
        if code and code not in ISO_4217:
            raise ValidationError(_("Please enter the three letters of a currency, e.g. EUR."))
        return code

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        wrong = {name: [_not_here()] for name in self._unfit(fields)}
        if wrong:
            raise ValidationError(wrong)
        return fields

    def _unfit(self, fields: dict[str, Any]) -> Iterator[str]:
        unfit = of_another_kind(fields["kind"], fields["direction"])
        yield from (name for name in unfit if fields[name] not in (None, ""))


class CounterInput(DefinitionInput):
    ours = tuple(name for name in SET_BY_US if name != "note")

    note = note(help_text="why, for the other side")


def _not_here() -> ErrorDetail:
    return ErrorDetail(_("This belongs to another kind of measurement."), "not_for_this_kind")


def definition(fields: dict[str, Any], language: str) -> dict[str, Any]:
    """The body as the services take it, named in the customer's language where there is a name in it."""
    return {**fields, **named(fields["texts"], language)}
