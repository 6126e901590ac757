"""What is said about a customer follows when it is merged: it names it by its public id, not by a foreign key."""

from accounts.comments.models import Comment
from accounts.models import Customer
from accounts.records.registry import BEFORE_MERGING


def follow(gone: Customer, kept: Customer) -> None:
    Comment.objects.filter(kind="customers", record=gone.public_id).update(record=kept.public_id)


BEFORE_MERGING.append(follow)
