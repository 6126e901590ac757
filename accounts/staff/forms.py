"""What administrators enter about colleagues and teams."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, Team, User
from accounts.models.people import Language
from accounts.staff.queries import colleagues, receivers

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


class ReceiversForm(forms.Form):
    """To whom a person's customers and work go."""

    to = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=gettext_lazy("Hand over to"),
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "With several, customers are dealt out in turn; you can change each one in the preview."
        ),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = receivers(person)  # type: ignore[attr-defined]


class HandOverForm(ReceiversForm):
    """The preview: one receiver for each customer, dealt out in turn."""

    then_deactivate = forms.BooleanField(label=gettext_lazy("Then deactivate this person"), required=False)

    def __init__(self, *args: Any, person: User, to: list[User], **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        self.fields["to"].widget = forms.MultipleHiddenInput()
        self.owned = {str(customer.public_id): customer for customer in person.customers.order_by("sort_name", "pk")}
        self.by_key = {str(user.public_id): user for user in to}
        for number, (key, customer) in enumerate(self.owned.items()):
            self.fields[key] = forms.ChoiceField(
                label=customer.name,
                choices=[(receiver, str(user)) for receiver, user in self.by_key.items()],
                initial=list(self.by_key)[number % len(to)],
            )

    @property
    def shares(self) -> dict[int, User]:
        """The new owner of each customer."""
        return {customer.pk: self.by_key[self.cleaned_data[key]] for key, customer in self.owned.items()}

    def customer_fields(self) -> list[forms.BoundField]:
        return [self[key] for key in self.owned]
