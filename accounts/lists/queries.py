"""Reads on views and tastes."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.lists.models import BulkChange, ListTaste, SavedView
from accounts.models import Role, User

UNDO_WITHIN = timedelta(hours=1)


def views_of(user: User, name: str) -> QuerySet[SavedView]:
    """The list's views that are the person's own or shared, with their owners; one query."""
    seen = Q(owner=user) | Q(is_shared=True)
    return SavedView.objects.filter(seen, list=name, removed_at__isnull=True).select_related("owner")


def changeable_views(user: User) -> QuerySet[SavedView]:
    """One's own; an administrator may also change what is shared. Removed ones are among them, to be brought back."""
    own = Q(owner=user)
    return SavedView.objects.filter(own | Q(is_shared=True) if user.role == Role.ADMIN else own)


def may_share(user: User) -> bool:
    return user.role != Role.VIEWER


def density_of(user: User) -> str:
    """One query."""
    found = ListTaste.objects.filter(user=user).values_list("density", flat=True).first()
    return found or str(ListTaste.Density.COMFORTABLE)


def undoable_changes(user: User) -> QuerySet[BulkChange]:
    """The person's own of the last hour that were not undone."""
    return BulkChange.objects.filter(by=user, undone_at__isnull=True, at__gt=timezone.now() - UNDO_WITHIN)
