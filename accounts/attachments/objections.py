"""A customer's own files follow when it is merged: they name it by its public id, not by a foreign key."""

from accounts.attachments.models import Attachment
from accounts.models import Customer
from accounts.records.registry import BEFORE_MERGING


def follow(gone: Customer, kept: Customer) -> None:
    Attachment.objects.filter(kind="customers", record=gone.public_id).update(record=kept.public_id)


BEFORE_MERGING.append(follow)
