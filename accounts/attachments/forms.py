"""What people enter for files."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.comments.queries import Thread
from cs_portal.kit.filetypes import ENDINGS
from cs_portal.kit.uploads import MOST_AT_ONCE, largest


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        found: list[Any] = files.getlist(name) if hasattr(files, "getlist") else files.get(name, [])
        return found


class FilesField(forms.FileField):
    """One or many; what is in them the service looks at."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        if not data:
            raise ValidationError(self.error_messages["required"], code="required")
        return list(data)


class AttachmentForm(forms.Form):
    """``key`` makes the same form sent twice one upload."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    files = FilesField(
        label=_("Add files"), widget=SeveralFiles(attrs={"accept": ",".join(ENDINGS)}),
        error_messages={"required": _("Please choose a file.")},
    )  # fmt: skip
    shared = forms.BooleanField(label=_("Visible to the customer"), required=False)

    def __init__(self, *args: Any, thread: Thread, **options: Any) -> None:
        super().__init__(*args, initial={"key": uuid4()}, auto_id=f"id_file_{thread.subject.kind}_%s", **options)
        words = {"most": MOST_AT_ONCE, "size": largest() // 1_000_000}
        self.fields["files"].help_text = format_lazy(
            _("Pictures, PDF, Word, Excel, PowerPoint, CSV or text; at most {most} at once, {size} MB each."), **words
        )
        if not thread.may_share:
            del self.fields["shared"]

    def clean(self) -> dict[str, Any]:
        if "key" in self.errors:
            raise ValidationError(_("This form was used before. Please open it again."))
        return self.cleaned_data
