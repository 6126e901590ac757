"""Saying, changing and taking back; who is mentioned, and whoever looks after the customer, hears of it."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.services import record
from accounts.comments.mentions import typed_mentions
from accounts.comments.models import LONGEST, Comment
from accounts.comments.queries import Thread, mentionable
from accounts.models import User
from accounts.notifications.services import notify

MENTION, FROM_CUSTOMER = "mention", "customer_comment"


@transaction.atomic
def add_comment(
    thread: Thread, *, key: UUID, text: str, by: User, shared: bool = False, mentioned: Iterable[User] = ()
) -> Comment:
    """Say something about the record. A contact's words are always shared.

    Raises PermissionDenied for somebody who only reads, ValidationError for no or too many words, and when it is to
    be shared where the customer sees nothing.
    """
    _check(thread, text, by, shared)
    comment, made = Comment.objects.get_or_create(
        key=key,
        author=by,
        defaults={
            "customer": thread.customer, "kind": thread.subject.kind, "record": thread.record.public_id,
            "access": thread.access, "text": text.strip(), "is_shared": shared or thread.access is not None,
        },
    )  # fmt: skip
    if made:
        record("comment.added", by=by, target=comment, kind=comment.kind, shared=comment.is_shared)
        _mention(comment, mentioned)
        if thread.access is not None:
            notify(
                thread.customer.owner, FROM_CUSTOMER, key=f"comment:{comment.pk}", by=by, customer=thread.customer,
                target=comment.pk,
            )  # fmt: skip
    return comment


def _check(thread: Thread, text: str, by: User, shared: bool) -> None:
    if not thread.may_write or by != thread.reader:
        raise PermissionDenied
    if shared and not thread.may_share:
        raise ValidationError({"shared": _("The customer does not see this record.")})
    _check_text(text)


def _check_text(text: str) -> None:
    if not text.strip():
        raise ValidationError({"text": _("Please write something.")})
    if len(text) > LONGEST:
        raise ValidationError({"text": _("Please shorten your comment.")})


@transaction.atomic
def edit_comment(comment: Comment, *, text: str, by: User, mentioned: Iterable[User] = ()) -> Comment:
    """Change one's own words; who reads them stays. Those who are mentioned now hear of it."""
    comment = _own(comment, by)
    _check_text(text)
    comment.text, comment.edited_at = text.strip(), timezone.now()
    comment.save(update_fields=["text", "edited_at"])
    record("comment.edited", by=by, target=comment)
    _mention(comment, mentioned)
    return comment


@transaction.atomic
def withdraw_comment(comment: Comment, *, by: User) -> None:
    """Take one's own words back: they are gone, that there were some stays."""
    comment = _own(comment, by)
    comment.text, comment.withdrawn_at = "", timezone.now()
    comment.save(update_fields=["text", "withdrawn_at"])
    comment.mentioned.clear()
    record("comment.withdrawn", by=by, target=comment)


def _own(comment: Comment, by: User) -> Comment:
    comment = Comment.objects.select_for_update(of=("self",)).select_related("customer").get(pk=comment.pk)
    if comment.author_id != by.pk:
        raise PermissionDenied
    if comment.withdrawn_at is not None:
        raise ValidationError(_("This comment was withdrawn already."), code="withdrawn")
    return comment


def _mention(comment: Comment, people: Iterable[User]) -> None:
    """Those chosen and those named in the text, of the colleagues who see the customer; each hears of a comment once.

    A contact mentions nobody.
    """
    may_be = mentionable(comment.customer, comment.author)
    found: set[User] = set()
    if comment.access_id is None:
        found |= set(may_be.filter(pk__in=[person.pk for person in people]))
        found |= set(typed_mentions(comment.text, may_be).people)
    comment.mentioned.set(found)
    for person in found:
        notify(
            person, MENTION, key=f"mention:{comment.pk}", by=comment.author, customer=comment.customer,
            target=comment.pk,
        )  # fmt: skip
