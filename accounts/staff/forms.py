"""What administrators enter about colleagues and teams."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, Team, User
from accounts.models.people import Language
from accounts.staff.queries import colleagues

ROLES = [choice for choice in Role.choices if choice[0] != Role.CONTACT]


class TeamsField(forms.ModelMultipleChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            Team.objects.all(),
            label=gettext_lazy("Teams"),
            required=False,
            to_field_name="public_id",
            widget=forms.CheckboxSelectMultiple,
            help_text=gettext_lazy("Members of a team see each other's customers."),
            **options,
        )


class ColleagueForm(forms.Form):
    """Whom to invite."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=255)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=ROLES, initial=Role.CSM)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Language.choices)
    teams = TeamsField()


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=ROLES)


class PersonTeamsForm(forms.Form):
    teams = TeamsField()


class TeamForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the team"), max_length=255)


class TeamMembersForm(TeamForm):
    members = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=gettext_lazy("Members"),
        required=False,
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = colleagues().filter(is_active=True).order_by("name", "email")  # type: ignore[attr-defined]


class PasswordForm(forms.Form):
    """A password twice, good enough for the person it is for."""

    password1 = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 8 characters, and none of the common ones."),
    )
    password2 = forms.CharField(
        label=gettext_lazy("Password, once more"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        password_validation.validate_password(password, self.person)
        return password

    def clean_password2(self) -> str:
        password: str = self.cleaned_data["password2"]
        if "password1" in self.cleaned_data and password != self.cleaned_data["password1"]:
            raise ValidationError(_("The two passwords are not the same."))
        return password
