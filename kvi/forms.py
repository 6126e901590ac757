"""Parse what people enter; the rules are kvi/rules.py and the services."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, Customer
from cs_portal.kit.fields import DayField, NumberField
from cs_portal.kit.forms import ChosenField
from kvi.models import Goal, IndicatorVersion


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
        field_classes: ClassVar = {"user_group": ChosenField, "customer_owner": ChosenField}

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("user_group", "customer_owner"):
            self.initial[name] = getattr(self.instance, name)
        self.fields["user_group"].queryset = customer.user_groups.all()  # type: ignore[attr-defined]
        self.fields["customer_owner"].queryset = customer.contacts.filter(is_active=True)  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """The service checks the goal as a whole."""


class MeasurementForm(forms.Form):
    day = DayField(label=_("Date"))
    value = NumberField(label=_("Value"))
    level = forms.TypedChoiceField(label=_("Level"), coerce=int, empty_value=None, required=False)
    comment = forms.CharField(label=_("Comment"), max_length=10_000, required=False)

    def __init__(self, *args: Any, version: IndicatorVersion, today: date, **options: Any) -> None:
        super().__init__(*args, initial={"day": today}, **options)
        if version.kind == IndicatorVersion.Kind.QUALITATIVE:
            del self.fields["value"]
            self.fields["level"].widget.attrs["aria-required"] = "true"
            self.fields["level"].choices = [("", "—"), *enumerate(version.levels or ())]  # type: ignore[attr-defined]
        else:
            del self.fields["level"]
            self.fields["value"].widget.attrs["aria-required"] = "true"
            unit = Truncator(version.unit).chars(24)
            self.fields["value"].label = _("Value in %(unit)s") % {"unit": unit} if unit else _("Value")


class ProposeForm(forms.Form):
    to = ChosenField(label=_("Propose to"), queryset=Contact.objects.none())

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        super().__init__(*args, **options)
        contacts = Contact.objects.filter(customer=customer, is_active=True)
        self.fields["to"].queryset = contacts  # type: ignore[attr-defined]
        sponsors = contacts.filter(portal_accesses__revoked_at__isnull=True, portal_accesses__role="sponsor")[:2]
        if len(sponsors) == 1:
            self.initial.setdefault("to", sponsors[0])


class RecordForm(forms.Form):
    contact = ChosenField(label=_("Agreed with"), queryset=Contact.objects.none())
    agreed_on = DayField(label=_("On"))
    evidence = forms.CharField(
        label=_("Where it can be found"), max_length=2_000, help_text=_("e.g. the mail or the minutes")
    )

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["contact"].queryset = Contact.objects.filter(customer=customer)  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Note"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
