"""Reads on comments."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from accounts.access import colleagues_seeing, customers_for
from accounts.comments.models import Comment
from accounts.comments.registry import SUBJECTS, Subject, subject_of
from accounts.models import Customer, PortalAccess, Role, User

WRITERS = frozenset({Role.ADMIN, Role.LEAD, Role.CSM})


@dataclass(frozen=True)
class Thread:
    """A record and who looks at it: a colleague, or a contact with the access."""

    subject: Subject
    record: Any
    reader: User
    access: PortalAccess | None = None

    @property
    def customer(self) -> Customer:
        return self.subject.customer(self.record)

    @property
    def url(self) -> str:
        made = self.subject.url if self.access is None else self.subject.portal_url
        return made(self.record) if made else ""

    @property
    def title(self) -> str:
        return self.subject.title(self.record)

    @property
    def may_write(self) -> bool:
        return self.reader.role in WRITERS if self.access is None else self.access.may_contribute

    @property
    def may_share(self) -> bool:
        return self.access is None and self.subject.shown_to is not None


def thread_of(record: Model, reader: User, access: PortalAccess | None = None) -> Thread:
    return Thread(subject_of(record), record, reader, access)


def found_thread(kind: str, public_id: UUID, reader: User, access: PortalAccess | None = None) -> Thread | None:
    """Of a record that exists for whoever asks."""
    subject = SUBJECTS.get(kind)
    if subject is None or (access is not None and subject.shown_to is None):
        return None
    seen = subject.seen_by(reader) if access is None else subject.shown_to(access)  # type: ignore[misc]
    record = seen.filter(public_id=public_id).first()
    return None if record is None else Thread(subject, record, reader, access)


def shown_records(access: PortalAccess) -> Q:
    """Rows about the records that are shown to the contact, of whatever kind."""
    shown = Q(pk__in=())
    for subject in SUBJECTS.values():
        if subject.shown_to is not None:
            shown |= Q(kind=subject.kind, record__in=subject.shown_to(access).values("public_id"))
    return shown


def comments_in(thread: Thread) -> QuerySet[Comment]:
    """Oldest first, with the people; two queries. A contact reads what is shared, never what is said among us."""
    found = Comment.objects.filter(kind=thread.subject.kind, record=thread.record.public_id)
    found = found.filter(customer=thread.customer)
    if thread.access is not None:
        return found.filter(is_shared=True).select_related("author", "access__contact")
    return found.select_related("author", "access__contact").prefetch_related("mentioned")


def own_comment(user: User, public_id: UUID) -> QuerySet[Comment]:
    """Theirs, not withdrawn, at a customer that still exists for them."""
    own = Comment.objects.filter(author=user, withdrawn_at=None, customer__in=customers_for(user))
    return own.filter(public_id=public_id).select_related("customer", "access")


def mentionable(customer: Customer, author: User) -> QuerySet[User]:
    """Colleagues for whom the customer exists."""
    return colleagues_seeing(customer).exclude(pk=author.pk)
