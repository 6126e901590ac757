"""Reads on attachments: which files exist for whom."""

from django.db.models import QuerySet

from accounts.access import Viewer, customers_for, may_write
from accounts.attachments.models import Attachment
from accounts.comments.queries import WRITERS, Thread, shown_records
from accounts.models import PortalAccess, User


def attachments_in(thread: Thread) -> QuerySet[Attachment]:
    """Those of the record, archived ones too, oldest first, with the people; one query. Contacts: what is shared."""
    found = Attachment.objects.filter(kind=thread.subject.kind, record=thread.record.public_id)
    found = found.select_related("author", "access__contact", "customer")
    return found if thread.access is None else found.filter(is_shared=True)


def attachments_for(user: Viewer) -> QuerySet[Attachment]:
    """A colleague's: all of the customers that exist for them."""
    found = Attachment.objects.filter(customer__in=customers_for(user))
    return found.select_related("customer", "author", "access__contact")


def portal_attachments(access: PortalAccess) -> QuerySet[Attachment]:
    """A contact's: shared ones of the records that are shown to them."""
    found = Attachment.objects.filter(shown_records(access), is_shared=True, customer=access.contact.customer_id)
    return found.select_related("customer", "author", "access__contact")


def may_archive(attachment: Attachment, reader: User, access: PortalAccess | None = None) -> bool:
    """Contacts their own; colleagues their own, and all of the customers that are theirs to write for."""
    own = attachment.author_id == reader.pk
    if access is not None:
        return own and access.may_contribute
    return (own and reader.role in WRITERS) or may_write(reader, attachment.customer)
