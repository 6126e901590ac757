"""The news about files."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.attachments.models import Attachment
from accounts.attachments.queries import attachments_for
from accounts.attachments.services import FROM_CUSTOMER
from accounts.comments.registry import SUBJECTS
from accounts.models import User
from accounts.notifications.models import Channel, Notification
from accounts.notifications.registry import Kind, Shown, register


def shown(rows: Sequence[Notification], reader: User) -> dict[int, Shown]:
    found = attachments_for(reader).filter(archived_at=None).in_bulk([row.target for row in rows])
    return {row.pk: _shown(found[row.target]) for row in rows if row.target in found}


def _shown(attachment: Attachment) -> Shown:
    subject = SUBJECTS.get(attachment.kind)
    words = {
        "who": str(attachment.author), "customer": attachment.customer.name, "name": attachment.name,
        "what": str(subject.label if subject else ""),
    }  # fmt: skip
    text = _("%(who)s of %(customer)s adds a file: %(what)s, %(name)s") % words
    return Shown(text, reverse("attachments:files", args=[attachment.kind, attachment.record]))


register(Kind(FROM_CUSTOMER, gettext_lazy("A customer of mine adds a file"), shown, Channel.MAIL))
