"""Keep, overwrite, share and remove views; remember the density; change several rows at once, and take it back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.services import record
from accounts.lists.models import BulkChange, ListTaste, SavedView
from accounts.lists.queries import may_share
from accounts.models import User
from cs_portal.kit.lists.actions import Action

MOST_VIEWS = 50  # of one person for one list


@transaction.atomic
def save_view(name: str, *, of: str, query: str, shared: bool, by: User) -> SavedView:
    """A new view of a list. Raises ValidationError for a name that is taken, and when there are too many."""
    _check_sharing(shared, by)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    own = SavedView.objects.filter(owner=by, list=of, removed_at__isnull=True)
    _check_name(own, name)
    if own.count() >= MOST_VIEWS:
        raise ValidationError({"name": _("Please remove a view first: there are %(most)s.") % {"most": MOST_VIEWS}})
    view = SavedView.objects.create(owner=by, list=of, name=name, query=query, is_shared=shared)
    record("view.saved", by=by, target=view, list=of, shared=shared)
    return view


@transaction.atomic
def rename_view(view: SavedView, *, name: str, shared: bool, by: User) -> SavedView:
    """Another name, and whether colleagues see it. Raises ValidationError for a name that is taken."""
    view = _locked(view)
    if shared and not view.is_shared:
        _check_sharing(shared, by)
    own = SavedView.objects.filter(owner=view.owner_id, list=view.list, removed_at__isnull=True)
    _check_name(own.exclude(pk=view.pk), name)
    view.name, view.is_shared = name, shared
    _save(view, "name", "is_shared")
    record("view.renamed", by=by, target=view)
    return view


@transaction.atomic
def overwrite_view(view: SavedView, *, query: str, by: User) -> SavedView:
    """The view shows from now on what the list shows."""
    view = _locked(view)
    view.query = query
    _save(view, "query")
    record("view.overwritten", by=by, target=view)
    return view


@transaction.atomic
def remove_view(view: SavedView, *, by: User) -> SavedView:
    """It is offered no more and can be brought back."""
    view = _locked(view)
    view.removed_at = timezone.now()
    _save(view, "removed_at")
    record("view.removed", by=by, target=view)
    return view


@transaction.atomic
def restore_view(view: SavedView, *, by: User) -> SavedView:
    """Raises ValidationError when its name was given to another one meanwhile."""
    view = _locked(view)
    own = SavedView.objects.filter(owner=view.owner_id, list=view.list, removed_at__isnull=True)
    _check_name(own.exclude(pk=view.pk), view.name)
    view.removed_at = None
    _save(view, "removed_at")
    record("view.restored", by=by, target=view)
    return view


def _locked(view: SavedView) -> SavedView:
    return SavedView.objects.select_for_update().get(pk=view.pk)


def _save(view: SavedView, *fields: str) -> None:
    view.updated_at = timezone.now()
    view.save(update_fields=[*fields, "updated_at"])


def _check_sharing(shared: bool, by: User) -> None:
    if shared and not may_share(by):
        raise PermissionDenied


def _check_name(others: Any, name: str) -> None:
    if others.filter(name__iexact=name).exists():
        raise ValidationError({"name": _("You have a view of this name already.")})


@transaction.atomic
def choose_density(density: str, *, by: User) -> None:
    """How dense the person's lists are from now on; no more than a taste, and so not in the audit."""
    ListTaste.objects.update_or_create(user=by, defaults={"density": density})


@transaction.atomic
def change_rows(action: Action, of: str, rows: Sequence[Any], values: Mapping[str, Any], *, by: User) -> BulkChange:
    """All rows or none. Raises ValidationError when one cannot be changed like that."""
    before = action.act(rows, by=by, **values)
    change = BulkChange.objects.create(
        list=of, action=action.name, by=by, at=timezone.now(), before={str(pk): was for pk, was in before.items()}
    )
    record("rows.changed", by=by, target=change, list=of, action=action.name, rows=len(before))
    return change


@transaction.atomic
def undo_change(change: BulkChange, action: Action, *, by: User) -> int:
    """Give rows back what they had, as far as nobody changed them since; returns how many. A second time none."""
    change = BulkChange.objects.select_for_update().get(pk=change.pk)
    if change.undone_at is not None:
        return 0
    undone = action.undo({int(pk): was for pk, was in change.before.items()}, by=by)
    change.undone_at = timezone.now()
    change.save(update_fields=["undone_at"])
    record("rows.changed_back", by=by, target=change, list=change.list, action=change.action, rows=undone)
    return undone
