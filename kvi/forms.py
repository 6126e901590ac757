"""Parse what people enter; the rules are kvi/rules.py and the services."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, Customer, User
from cs_portal.kit.currencies import ISO_4217
from kvi.definition import LANGUAGES, named, of_another_kind
from kvi.models import Goal, IndicatorVersion

STEP = re.compile(r"(\d{4}-\d{2}-\d{2})\s*[:;,\s]\s*([0-9]+(?:[.,][0-9]+)?)\s*(%?)")


class DayField(forms.DateField):
    """A day that the import contract could hold as well."""

    default_validators = (
        MinValueValidator(date(1970, 1, 1), _("Please enter a day between 1970 and 2199.")),
        MaxValueValidator(date(2199, 12, 31), _("Please enter a day between 1970 and 2199.")),
    )

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d.%m.%Y"], **options)


def plain_number(text: str, language: str) -> str:
    """``1.234,56`` (German) and ``1,234.56`` (English) as ``1234.56``; a lone comma or point divides decimals.

    A point (German) or comma (English) before exactly three digits groups thousands.
    """
    group, point = (".", ",") if language == "de" else (",", ".")
    if re.fullmatch(rf"-?[1-9]\d{{0,2}}(\{group}\d{{3}})+(\{point}\d+)?", text):
        return text.replace(group, "").replace(point, ".")
    return text.replace(",", ".") if re.fullmatch(r"-?\d+[.,]\d+", text) else text


class NumberField(forms.DecimalField):
    """Reads and shows a number as the reader's language writes it."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_digits=28, decimal_places=10, widget=widget, **{"required": False, **options})

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = plain_number(value.strip(), get_language() or "en")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        shown = f"{value.normalize():f}"
        return shown.replace(".", ",") if get_language() == "de" else shown


class GoalForm(forms.ModelForm):  # type: ignore[type-arg]
    start_date = DayField(label=_("Start"))
    weight = NumberField(label=_("Weight"), required=True, initial=1)
    goal_type = forms.ChoiceField(label=_("Type"), choices=[("", "—"), *Goal.Type.choices], required=False)
    description = forms.CharField(
        label=_("Description"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    class Meta:
        model = Goal
        fields = (
            "name", "description", "goal_type", "scope", "user_group", "customer_owner", "start_date", "weight",
            "review_cadence",
        )  # fmt: skip

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["user_group"].queryset = customer.user_groups.all()  # type: ignore[attr-defined]
        self.fields["customer_owner"].queryset = customer.contacts.filter(is_active=True)  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """The service checks the goal as a whole."""


class DefinitionForm(forms.Form):
    """All of a definition; ``definition()`` is what the services take."""

    name_de = forms.CharField(label=_("Name in German"), max_length=255, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=255, required=False)
    question_de = forms.CharField(
        label=_("Question in German"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What exactly is measured, so that both sides would measure the same?"),
    )
    question_en = forms.CharField(
        label=_("Question in English"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    kind = forms.ChoiceField(label=_("Measured as"), choices=IndicatorVersion.Kind.choices)
    direction = forms.ChoiceField(
        label=_("The number"), choices=[("", "—"), *IndicatorVersion.Direction.choices], required=False
    )
    unit = forms.CharField(label=_("Unit"), max_length=255, required=False)
    baseline = NumberField(label=_("Baseline"), help_text=_("Where you start. For levels: 0 is the lowest."))
    baseline_date = DayField(label=_("Baseline date"), required=False)
    target = NumberField(label=_("Target"), help_text=_("Where you want to be. For levels: 0 is the lowest."))
    due_date = DayField(label=_("Due date"), required=False)
    range_low = NumberField(label=_("Range from"))
    range_high = NumberField(label=_("Range to"))
    tolerance_outside = NumberField(
        label=_("Tolerance outside the range"), help_text=_("This far outside, nothing of it counts any more.")
    )
    levels = forms.CharField(
        label=_("Levels"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One per line, the lowest first."),
    )
    path = forms.ChoiceField(label=_("Path"), choices=IndicatorVersion.Path.choices, initial="linear")
    path_points = forms.CharField(
        label=_("Steps"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One per line: a date and the share that is planned from then on, e.g. 2026-06-30: 50 %"),
    )
    cadence = forms.ChoiceField(label=_("Measured"), choices=IndicatorVersion.Cadence.choices, initial="monthly")
    weight = NumberField(label=_("Weight"), required=True, initial=1)
    valid_from = DayField(label=_("Valid from"), required=False, help_text=_("Empty: the day of the last signature."))
    value_kind = forms.ChoiceField(
        label=_("Worth money"), choices=[("", _("not agreed")), *IndicatorVersion.ValueKind.choices], required=False
    )
    value_factor_conservative = NumberField(label=_("Conservative factor"))
    value_factor_expected = NumberField(label=_("Expected factor"))
    value_currency = forms.CharField(label=_("Currency"), max_length=3, required=False)

    SECTIONS = (
        (_("What is measured"), ("name_de", "name_en", "question_de", "question_en", "kind", "direction", "unit")),
        (_("From where to where"), (
            "baseline", "baseline_date", "target", "due_date", "range_low", "range_high", "tolerance_outside", "levels",
        )),
        (_("How often, how much, what it is worth"), (
            "cadence", "weight", "valid_from", "path", "path_points", "value_kind", "value_factor_conservative",
            "value_factor_expected", "value_currency",
        )),
    )  # fmt: skip

    def __init__(self, *args: Any, language: str = "en", **options: Any) -> None:
        super().__init__(*args, **options)
        self.language = language

    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(str(title), [self[name] for name in names]) for title, names in self.SECTIONS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(f"name_{language}") for language in LANGUAGES):
            self.add_error("name_en", _("Please give the indicator a name, in one language at least."))
        return cleaned

    def clean_value_currency(self) -> str:
        currency = self.cleaned_data["value_currency"].strip().upper()
        if currency and currency not in ISO_4217:
            raise ValidationError(_("Please enter the three letters of a currency, e.g. EUR."))
        return str(currency)

    def clean_levels(self) -> list[str] | None:
        lines = [line.strip() for line in self.cleaned_data["levels"].splitlines() if line.strip()]
        return lines or None

    def clean_path_points(self) -> list[list[str]] | None:
        points = []
        for line in filter(str.strip, self.cleaned_data["path_points"].splitlines()):
            step = STEP.fullmatch(line.strip())
            try:
                day = date.fromisoformat(step[1]) if step else None
            except ValueError:
                day = None
            if step is None or day is None:
                raise ValidationError(_("This line is no date with a share: %(line)s"), params={"line": line[:60]})
            share = Decimal(step[2].replace(",", ".")) / (100 if step[3] else 1)
            points.append([day.isoformat(), f"{share.normalize():f}"])
        return points or None

    def definition(self) -> dict[str, Any]:
        """The definition that was entered; what belongs to another kind of measurement is left out."""
        cleaned = dict(self.cleaned_data)
        texts = {
            language: {part: cleaned.pop(f"{part}_{language}") for part in ("name", "question")}
            for language in LANGUAGES
        }
        unfit = of_another_kind(cleaned["kind"], cleaned["direction"])
        left_out = {name: "" if name == "direction" else None for name in unfit}
        return {**cleaned, **left_out, **named(texts, self.language), "texts": texts}


def initial_of(version: IndicatorVersion) -> dict[str, Any]:
    """A version as the form's initial values."""
    initial = {name: getattr(version, name, None) for name in DefinitionForm.base_fields}
    for language in LANGUAGES:
        for part in ("name", "question"):
            initial[f"{part}_{language}"] = version.texts.get(language, {}).get(part, "")
    if not any(initial[f"name_{language}"] for language in LANGUAGES):
        initial |= {"name_en": version.name, "question_en": version.question}
    initial["levels"] = "\n".join(version.levels or ())
    initial["path_points"] = "\n".join(f"{day}: {share}" for day, share in version.path_points or ())
    if version.valid_from_last_signature:
        initial["valid_from"] = None
    return initial


def initial_of_template(template: dict[str, Any]) -> dict[str, Any]:
    initial = {key: value for key, value in template.items() if key not in ("texts", "levels")}
    for language, texts in template["texts"].items():
        initial |= {f"{part}_{language}": text for part, text in texts.items()}
    return {**initial, "levels": "\n".join(template.get("levels", ()))}


class MeasurementForm(forms.Form):
    day = DayField(label=_("Date"))
    value = NumberField(label=_("Value"))
    level = forms.TypedChoiceField(label=_("Level"), coerce=int, empty_value=None, required=False)
    comment = forms.CharField(label=_("Comment"), max_length=10_000, required=False)

    def __init__(self, *args: Any, version: IndicatorVersion, today: date, **options: Any) -> None:
        super().__init__(*args, initial={"day": today}, **options)
        if version.kind == IndicatorVersion.Kind.QUALITATIVE:
            del self.fields["value"]
            self.fields["level"].choices = [("", "—"), *enumerate(version.levels or ())]  # type: ignore[attr-defined]
        else:
            del self.fields["level"]
            self.fields["value"].label = _("Value in %(unit)s") % {"unit": version.unit} if version.unit else _("Value")


class ProposeForm(forms.Form):
    to = forms.ModelChoiceField(label=_("Propose to"), queryset=Contact.objects.none())

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].queryset = Contact.objects.filter(customer=customer, is_active=True)  # type: ignore[attr-defined]


class RecordForm(forms.Form):
    contact = forms.ModelChoiceField(label=_("Agreed with"), queryset=Contact.objects.none())
    agreed_on = DayField(label=_("On"))
    evidence = forms.CharField(
        label=_("Where it can be found"), max_length=2_000, help_text=_("e.g. the mail or the minutes")
    )

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["contact"].queryset = Contact.objects.filter(customer=customer)  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Note"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class PortfolioFilter(forms.Form):
    """The portfolio's filter in the URL."""

    state = forms.CharField(required=False)
    segment = forms.CharField(required=False)
    owner = forms.UUIDField(required=False)

    def owner_or_none(self) -> User | None:
        owner = self.cleaned_data.get("owner") if self.is_valid() else None
        return User.objects.filter(public_id=owner).first() if owner else None
