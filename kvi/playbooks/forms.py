"""Parse what people enter about a follow-up; the rules are the services'."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import assignable_colleagues
from accounts.models import Customer, User
from cs_portal.kit.fields import DayField, MomentField
from cs_portal.kit.forms import ChosenField
from kvi.playbooks.models import FollowUp

OUTCOMES = [("", "—"), *FollowUp.Outcome.choices]


class PeopleForm(forms.Form):
    """To whom a follow-up is given."""

    owner = ChosenField(queryset=User.objects.none(), label=_("Owner"))
    deputy = ChosenField(queryset=User.objects.none(), label=_("Deputy"), required=False, empty_label=_("Nobody"))

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("owner", "deputy"):
            self.fields[name].queryset = assignable_colleagues(customer)  # type: ignore[attr-defined]


class FollowUpForm(PeopleForm):
    """A new one by hand; ``key`` makes the same form sent twice one follow-up."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("What is to be done?"), max_length=255)
    due = MomentField(label=_("By when?"))
    field_order = ("key", "reason", "due", "owner", "deputy")

    def clean(self) -> dict[str, Any]:
        """A hidden field has no place for its message."""
        if "key" in self.errors:
            raise ValidationError(_("This form was used before. Please open it again."))
        return self.cleaned_data

    @staticmethod
    def fresh(customer: Customer) -> dict[str, Any]:
        in_two_days = timezone.localtime() + timedelta(days=2)
        owner = customer.owner.public_id if customer.owner else None
        return {"key": uuid4(), "due": in_two_days.replace(minute=0, second=0, microsecond=0), "owner": owner}


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(label=_("What came of it?"), choices=OUTCOMES, required=False)
    note = forms.CharField(label=_("Note"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class SnoozeForm(forms.Form):
    until = DayField(label=_("Quiet until"))
