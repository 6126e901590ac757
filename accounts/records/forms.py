"""Forms made of the models' own fields; what they refuse beyond that the services say."""

from typing import Any
from uuid import uuid4

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.access import WRITES_ALL
from accounts.models import Customer, Role, User
from accounts.records.custom import CustomColumn, custom_columns
from accounts.records.kinds import CUSTOMER_FIELDS
from accounts.records.models import CustomField
from accounts.records.registry import Kind
from accounts.services import workspace
from cs_portal.kit.currencies import ISO_4217
from cs_portal.kit.fields import DayField, MaybeField, MomentField, NumberField
from cs_portal.kit.forms import ChosenField

FIELD_CLASSES = ((models.DateTimeField, MomentField), (models.DateField, DayField), (models.DecimalField, NumberField))


def form_field(field: "models.Field[Any, Any]", customer: Customer | None) -> forms.Field:
    """What people fill in for a field of a model."""
    common = {"label": _capital(field.verbose_name), "required": not field.blank, "help_text": field.help_text}
    if isinstance(field, models.ForeignKey):
        rows = field.remote_field.model.objects.filter(customer=customer)
        return ChosenField(queryset=rows, **common)
    if field.name == "currency":
        return forms.ChoiceField(choices=[(code, code) for code in sorted(ISO_4217)], **common)
    if isinstance(field, models.BooleanField):
        return MaybeField(**common) if field.null else forms.BooleanField(**{**common, "required": False})
    for kind, made in FIELD_CLASSES:
        if isinstance(field, kind):
            return made(**common)
    if isinstance(field, models.TextField):
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=10_000, **common)
    if field.choices:
        nothing = [("", "—")] if field.blank else []
        return forms.ChoiceField(choices=[*nothing, *field.choices], **common)
    made_by_django: forms.Field = field.formfield(**common)  # type: ignore[assignment]
    return made_by_django


def _capital(text: Any) -> str:
    return str(text)[:1].upper() + str(text)[1:]


def custom_field(column: CustomColumn) -> forms.Field:
    """What people fill in for a custom field."""
    common: dict[str, Any] = {"label": column.label, "required": False}
    if column.kind == CustomField.Kind.NUMBER:
        return NumberField(min_value=0, **common)
    if column.kind == CustomField.Kind.DATE:
        return DayField(**common)
    if column.kind == CustomField.Kind.CHOICE:
        return forms.ChoiceField(choices=[("", "—"), *((word, word) for word in column.choices)], **common)
    return forms.CharField(max_length=255, **common)


class WithCustomFields(forms.Form):
    """``x_<key>`` fields after the others; they leave the form as one ``custom``."""

    columns: tuple[CustomColumn, ...] = ()

    def add_custom_fields(self, subject: str, row: Any) -> None:
        self.columns = tuple(custom_columns(subject))
        for column in self.columns:
            self.fields[column.name] = custom_field(column)
            if row is not None:
                self.initial[column.name] = column.value(row)

    def clean(self) -> dict[str, Any]:
        if not self.columns:
            return self.cleaned_data
        names = {column.name: column.key for column in self.columns}
        kept = {name: value for name, value in self.cleaned_data.items() if name not in names}
        custom = {names[name]: value for name, value in self.cleaned_data.items() if name in names}
        self.cleaned_data = {**kept, "custom": custom}
        return self.cleaned_data


class CustomFieldForm(forms.Form):
    """A definition; of one that exists only names and choices change."""

    def __init__(self, *args: Any, field: CustomField | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        fixed = ("subject", "key", "kind") if field is None else ()
        for name in (*fixed, "label_en", "label_de"):
            self.fields[name] = form_field(CustomField._meta.get_field(name), None)
        if field is None or field.kind == CustomField.Kind.CHOICE:
            self.fields["choices"] = forms.CharField(
                label=_("Values to choose"),
                required=False,
                max_length=10_000,
                help_text=_("One a line, for a choice."),
                widget=forms.Textarea(attrs={"rows": 4}),
            )
        if field is not None:
            self.initial = {**values_of(field, ("label_en", "label_de")), "choices": "\n".join(field.choices)}

    def clean_choices(self) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data["choices"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))


class RecordForm(WithCustomFields):
    """One of a kind; ``key`` makes the same form sent twice one record."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, kind: Kind, customer: Customer | None, row: Any = None, **options: Any) -> None:
        given = first_values(kind) if row is None else values_of(row, kind.fields)
        super().__init__(*args, initial={**given, **options.pop("initial", {})}, **options)
        for name in kind.fields:
            self.fields[name] = form_field(kind.field(name), customer)
        if kind.slug == "contacts":
            self.add_custom_fields("contact", row)
        if row is not None:
            del self.fields["key"]


class CustomerForm(WithCustomFields):
    """A customer; whose it is, only leads and administrators decide."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: User, customer: Customer | None = None, **options: Any) -> None:
        given = {"key": uuid4()} if customer is None else values_of(customer, CUSTOMER_FIELDS)
        owner = user if customer is None else customer.owner
        given["owner"] = owner.public_id if owner else None
        super().__init__(*args, initial=given, **options)
        for name in CUSTOMER_FIELDS:
            self.fields[name] = form_field(Customer._meta.get_field(name), None)
        if user.role in WRITES_ALL:
            self.fields["owner"] = ChosenField(queryset=owners(), label=_("Owner"), required=False)
        self.add_custom_fields("customer", customer)
        if customer is not None:
            del self.fields["key"]
        self.order_fields(["key", "name", "owner", "segment"])


def owners() -> "models.QuerySet[User]":
    return User.objects.filter(is_active=True, role__in=(Role.ADMIN, Role.LEAD, Role.CSM)).order_by("name", "email")


def first_values(kind: Kind) -> dict[str, Any]:
    """What a new record begins with: the model's defaults, and the currency we report in."""
    defaults = {name: kind.field(name).get_default() for name in kind.fields if kind.field(name).has_default()}
    if "currency" in kind.fields:
        defaults["currency"] = workspace().reporting_currency
    return {"key": uuid4(), **defaults}


def values_of(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """A form's first values for a stored record; other records by their public id."""
    values = {name: getattr(row, name) for name in names}
    return {name: getattr(value, "public_id", value) for name, value in values.items()}


class MergeForm(forms.Form):
    """Which record is merged into the one at hand."""

    def __init__(self, *args: Any, rows: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["other"] = ChosenField(queryset=rows, label=_("Merge into this one"))
