"""What people say about their views."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.lists.models import ListTaste


class ViewForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the view"),
        max_length=80,
        validators=[
            RegexValidator(r"[\x00-\x1f\u2028\u2029\u202a-\u202e]", _("Please use ordinary signs."), inverse_match=True)
        ],
        error_messages={"required": _("Please give the view a name.")},
    )
    shared = forms.BooleanField(label=_("Colleagues may use it"), required=False)


class DensityForm(forms.Form):
    density = forms.ChoiceField(choices=ListTaste.Density.choices)
