"""What people enter for a comment."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.comments.models import LONGEST, Comment
from accounts.comments.queries import Thread, mentionable
from accounts.models import User


class Colleagues(forms.SelectMultiple):
    """Each with what is written after an @ to mention them."""

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **options)
        address = value.instance.email
        return option | {"attrs": option["attrs"] | {"data-handle": address.partition("@")[0], "data-email": address}}


class ColleaguesField(forms.ModelMultipleChoiceField):
    """Named by their public ids."""

    def __init__(self, **options: Any) -> None:
        widget = Colleagues(attrs={"size": 4})
        super().__init__(queryset=User.objects.none(), to_field_name="public_id", widget=widget, **options)

    def clean(self, value: Any) -> Any:
        """What is no id at all is no choice either."""
        try:
            return super().clean(value)
        except ValidationError as refused:
            if refused.code == "invalid_choice":
                raise
            raise ValidationError(_("Please choose colleagues of the list."), code="invalid_choice") from None


class CommentForm(forms.Form):
    """``key`` makes the same form sent twice one comment."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Comment"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("*emphasis*, lists and links are shown as such."),
    )  # fmt: skip
    mentioned = ColleaguesField(
        label=_("Mention"), required=False, help_text=_("They are told. Only who sees this customer can be chosen.")
    )
    shared = forms.BooleanField(label=_("Visible to the customer"), required=False)

    def __init__(self, *args: Any, thread: Thread, comment: Comment | None = None, **options: Any) -> None:
        first: dict[str, Any] = {"key": uuid4()}
        if comment is not None:
            first = {"key": comment.key, "text": comment.text, "mentioned": list(comment.mentioned.all())}
        super().__init__(*args, initial=first, auto_id=f"id_{thread.subject.kind}_%s", **options)
        if thread.access is None:
            self.fields["mentioned"].queryset = mentionable(thread.customer, thread.reader)  # type: ignore[attr-defined]
            self.fields["text"].widget.attrs |= {"data-mentions": "", "aria-controls": "comment-mentions"}
            self.fields["text"].widget.attrs["aria-autocomplete"] = "list"
            self.fields["text"].help_text = _(
                "*emphasis*, lists and links are shown as such; @name mentions a colleague."
            )
        else:
            del self.fields["mentioned"]
        if comment is not None or not thread.may_share:
            del self.fields["shared"]

    def clean(self) -> dict[str, Any]:
        if "key" in self.errors:
            raise ValidationError(_("This form was used before. Please open it again."))
        return self.cleaned_data
