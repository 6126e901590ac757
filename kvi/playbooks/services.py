"""Loops are opened once, given to somebody, put off, closed with what came of it, and opened again."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import assignable_colleagues
from accounts.audit.services import record
from accounts.models import Customer, User
from accounts.services import workspace, workspace_settings
from cs_portal.kit.working_days import after_working_time
from kvi.playbooks import notices
from kvi.playbooks.models import FollowUp
from kvi.playbooks.queries import detractors, unheard_detractors
from kvi.scorecard import today

DETRACTOR_DUE = timedelta(hours=24)
LOOK_BACK = timedelta(days=14)
LONGEST_SNOOZE = timedelta(days=90)
LATEST_DUE = timedelta(days=731)
State, Source, Outcome = FollowUp.State, FollowUp.Source, FollowUp.Outcome


@transaction.atomic
def open_follow_up(
    customer: Customer,
    *,
    source: str,
    source_id: UUID,
    due_at: datetime,
    by: User | None,
    reason: str = "",
    owner: User | None = None,
    deputy: User | None = None,
) -> FollowUp:
    """The one follow-up of its source: a second call returns the first, whatever has become of it.

    ``by`` is empty when the product itself opens it. Raises ValidationError by field.
    """
    _check_people(customer, owner, deputy)
    if source == Source.HAND:
        _check_by_hand(reason, due_at)
    follow_up, made = FollowUp.objects.get_or_create(
        source=source,
        source_id=source_id,
        defaults={
            "customer": customer, "reason": reason.strip(), "due_at": due_at, "opened_by": by, "owner": owner,
            "deputy": deputy,
        },
    )  # fmt: skip
    if follow_up.customer_id != customer.pk:
        raise ValidationError(_("This form was used before. Please open it again."))
    if made:
        entry = record("follow_up.opened", by=by, target=follow_up, customer=customer.pk, source=source)
        notices.given(follow_up, (owner, deputy), entry=entry.pk, by=by)
    return follow_up


def follow_up_detractors(response_ids: list[int]) -> int:
    """A follow-up for each detractor among the answers, for the customer's owner; returns how many there are.

    The clock starts with the answer. One per answer, however often it is announced.
    """
    found = list(detractors(response_ids))
    customers = Customer.objects.in_bulk({row.company for row in found})  # type: ignore[attr-defined]
    for response in found:
        customer = customers[response.company]  # type: ignore[attr-defined]
        owner = assignable_colleagues(customer).filter(customers=customer).first()
        due_at = due_after(response.answered_at or timezone.now(), DETRACTOR_DUE)
        open_follow_up(
            customer, source=Source.RESPONSE, source_id=response.public_id, due_at=due_at, owner=owner, by=None
        )
    return len(found)


def due_after(moment: datetime, length: timedelta) -> datetime:
    """When the clock runs out that begins at the moment: plain hours, or working time if the workspace chose so."""
    ours = workspace()
    if not ours.clocks_rest:
        return moment + length
    return after_working_time(moment, length, ours.holiday_region, ZoneInfo(ours.time_zone))


def open_missing(limit: int = 200) -> int:
    """A follow-up for each detractor whose announcement nobody heard; returns how many were missing.

    A worker may die between an answer's commit and its receivers. What a load brought is history and opens none.
    """
    missing = unheard_detractors(timezone.now() - LOOK_BACK)[:limit]
    return follow_up_detractors(list(missing.values_list("pk", flat=True)))


@transaction.atomic
def assign_follow_up(follow_up: FollowUp, *, owner: User, deputy: User | None, by: User) -> FollowUp:
    """Give it to colleagues who look after the customer. Raises ValidationError by field."""
    follow_up = _open(follow_up)
    _check_people(follow_up.customer, owner, deputy)
    had = {follow_up.owner_id, follow_up.deputy_id}
    follow_up.owner, follow_up.deputy = owner, deputy
    _save(follow_up, "owner", "deputy")
    given = {"owner": owner.pk, "deputy": deputy.pk if deputy else None}
    entry = record("follow_up.assigned", by=by, target=follow_up, **given)
    newly = [person for person in (owner, deputy) if person and person.pk not in had]
    notices.given(follow_up, newly, entry=entry.pk, by=by)
    return follow_up


@transaction.atomic
def snooze_follow_up(follow_up: FollowUp, *, until: date, by: User) -> FollowUp:
    """Leave it out of Today until that day; its clock runs on. Raises ValidationError for another day."""
    follow_up, day = _open(follow_up), today(workspace_settings())
    if not day < until <= day + LONGEST_SNOOZE:
        raise ValidationError({"until": _("Please choose a day after today and within 90 days.")})
    follow_up.snoozed_until = until
    _save(follow_up, "snoozed_until")
    record("follow_up.snoozed", by=by, target=follow_up, until=until.isoformat())
    return follow_up


@transaction.atomic
def close_follow_up(follow_up: FollowUp, *, outcome: str, by: User, note: str = "") -> FollowUp:
    """Say what came of it. Raises ValidationError by field, and when it is closed already."""
    follow_up = _open(follow_up)
    if outcome not in Outcome.values:
        raise ValidationError({"outcome": _("Please say what came of it.")})
    if outcome == Outcome.OTHER and not note.strip():
        raise ValidationError({"note": _("Please say in a few words what came of it.")})
    follow_up.outcome = outcome
    return _end(follow_up, State.DONE, note, by)


@transaction.atomic
def cancel_follow_up(follow_up: FollowUp, *, note: str, by: User) -> FollowUp:
    """It was not meant: closed without an outcome; the note says why. Raises ValidationError without one."""
    follow_up = _open(follow_up)
    if not note.strip():
        raise ValidationError({"note": _("Please say why it is cancelled.")})
    return _end(follow_up, State.CANCELLED, note, by)


@transaction.atomic
def reopen_follow_up(follow_up: FollowUp, *, by: User) -> FollowUp:
    """As it was before it was closed; the note stays. Open already is open."""
    follow_up = _locked(follow_up)
    if follow_up.state == State.OPEN:
        return follow_up
    follow_up.state, follow_up.outcome = State.OPEN, ""
    follow_up.closed_at = follow_up.closed_by = follow_up.snoozed_until = None
    _save(follow_up, "state", "outcome", "closed_at", "closed_by", "snoozed_until")
    record("follow_up.reopened", by=by, target=follow_up)
    return follow_up


@transaction.atomic
def take_assignment_back(follow_up: FollowUp, before: Mapping[str, Any], *, by: User) -> bool:
    """Give it back to whoever had it, unless somebody gave it to another one or closed it since."""
    follow_up = _locked(follow_up)
    if not follow_up.is_open or follow_up.owner_id != before["given"]:
        return False
    follow_up.owner_id = before["owner"]
    _save(follow_up, "owner")
    record("follow_up.assigned", by=by, target=follow_up, owner=follow_up.owner_id, deputy=follow_up.deputy_id)
    return True


@transaction.atomic
def wake_follow_up(follow_up: FollowUp, before: Mapping[str, Any], *, by: User) -> bool:
    """Quiet again only as long as it was, unless somebody put it off anew or closed it since."""
    follow_up = _locked(follow_up)
    if not follow_up.is_open or follow_up.snoozed_until != date.fromisoformat(before["given"]):
        return False
    follow_up.snoozed_until = date.fromisoformat(before["until"]) if before["until"] else None
    _save(follow_up, "snoozed_until")
    record("follow_up.snoozed", by=by, target=follow_up, until=before["until"])
    return True


@transaction.atomic
def take_closing_back(follow_up: FollowUp, before: Mapping[str, Any], *, by: User) -> bool:
    """Open and quiet as it was, unless somebody opened it again since."""
    follow_up = _locked(follow_up)
    if follow_up.state != State.DONE or follow_up.closed_by_id != by.pk:
        return False
    follow_up = reopen_follow_up(follow_up, by=by)
    follow_up.snoozed_until = date.fromisoformat(before["until"]) if before["until"] else None
    _save(follow_up, "snoozed_until")
    return True


def _end(follow_up: FollowUp, state: str, note: str, by: User) -> FollowUp:
    follow_up.state, follow_up.note = state, note.strip()
    follow_up.closed_at, follow_up.closed_by = timezone.now(), by
    _save(follow_up, "state", "outcome", "note", "closed_at", "closed_by")
    record(f"follow_up.{state}", by=by, target=follow_up, outcome=follow_up.outcome)
    return follow_up


def _save(follow_up: FollowUp, *fields: str) -> None:
    follow_up.updated_at = timezone.now()
    follow_up.save(update_fields=[*fields, "updated_at"])


def _locked(follow_up: FollowUp) -> FollowUp:
    return FollowUp.objects.select_for_update(of=("self",)).select_related("customer__owner").get(pk=follow_up.pk)


def _open(follow_up: FollowUp) -> FollowUp:
    follow_up = _locked(follow_up)
    if not follow_up.is_open:
        raise ValidationError(_("This follow-up is closed already."), code="closed")
    return follow_up


def _check_people(customer: Customer, owner: User | None, deputy: User | None) -> None:
    chosen = {"owner": owner, "deputy": deputy}
    fit = set(assignable_colleagues(customer).values_list("pk", flat=True)) if owner or deputy else set()
    refused = _("Please choose a colleague who looks after this customer.")
    if wrong := {name: refused for name, user in chosen.items() if user is not None and user.pk not in fit}:
        raise ValidationError(wrong)
    if owner is not None and owner == deputy:
        raise ValidationError({"deputy": _("Please choose somebody else than the owner.")})


def _check_by_hand(reason: str, due_at: datetime) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Please say what is to be done.")})
    now = timezone.now()
    if not now - timedelta(days=1) <= due_at <= now + LATEST_DUE:
        raise ValidationError({"due": _("Please choose a moment from today on and within two years.")})
