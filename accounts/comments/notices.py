"""The news about comments."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import customers_for
from accounts.comments.models import Comment
from accounts.comments.registry import SUBJECTS
from accounts.comments.services import FROM_CUSTOMER, MENTION
from accounts.models import User
from accounts.notifications.models import Channel, Notification
from accounts.notifications.registry import COLLEAGUES, Kind, Shown, register


def shown(rows: Sequence[Notification], reader: User) -> dict[int, Shown]:
    seen = Comment.objects.filter(customer__in=customers_for(reader), withdrawn_at=None)
    found = seen.select_related("author", "customer").in_bulk([row.target for row in rows])
    return {row.pk: _shown(found[row.target], row.kind) for row in rows if row.target in found}


def _shown(comment: Comment, kind: str) -> Shown:
    sentence = (
        _("%(who)s mentions you in a comment: %(what)s, %(customer)s")
        if kind == MENTION
        else _("%(who)s of %(customer)s writes a comment: %(what)s")
    )
    subject = SUBJECTS.get(comment.kind)
    words = {
        "who": str(comment.author), "customer": comment.customer.name, "what": str(subject.label if subject else ""),
    }  # fmt: skip
    return Shown(sentence % words, reverse("comments:thread", args=[comment.kind, comment.record]))


register(Kind(MENTION, gettext_lazy("Somebody mentions me in a comment"), shown, Channel.MAIL, COLLEAGUES))
register(Kind(FROM_CUSTOMER, gettext_lazy("A customer of mine writes a comment"), shown, Channel.MAIL))
