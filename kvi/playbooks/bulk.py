"""What can be done to several follow-ups at once; each goes through its own service."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import assignable_colleagues, writable_customers_for
from accounts.models import Role, User
from cs_portal.kit.forms import ChosenField
from cs_portal.kit.lists.actions import Action
from kvi.forms import DayField
from kvi.playbooks import services
from kvi.playbooks.models import FollowUp
from kvi.playbooks.queries import follow_ups_for


def workable(user: User) -> QuerySet[FollowUp]:
    """The open ones that the person may work on: at customers that are theirs to change, or given to them."""
    mine = Q(customer__in=writable_customers_for(user))
    if user.role == Role.CSM:
        mine |= Q(owner=user) | Q(deputy=user)
    return follow_ups_for(user).filter(mine, state=FollowUp.State.OPEN)


class _RowsForm(forms.Form):
    def __init__(self, *args: Any, user: User, rows: Sequence[FollowUp], **options: Any) -> None:
        super().__init__(*args, **options)
        self.user, self.rows = user, rows


class AssignForm(_RowsForm):
    """Whom all of them may be given to."""

    owner = ChosenField(queryset=User.objects.none(), label=gettext_lazy("Owner"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fit = User.objects.filter(role__in=(Role.ADMIN, Role.LEAD, Role.CSM), is_active=True)
        for customer in {row.customer_id: row.customer for row in self.rows}.values():
            fit = fit.filter(pk__in=assignable_colleagues(customer).order_by().values("pk"))
        self.fields["owner"].queryset = fit.order_by("name", "email")  # type: ignore[attr-defined]


class SnoozeForm(_RowsForm):
    until = DayField(label=gettext_lazy("Quiet until"))


class CloseForm(_RowsForm):
    outcome = forms.ChoiceField(label=gettext_lazy("What came of it?"), choices=[("", "—"), *FollowUp.Outcome.choices])
    note = forms.CharField(label=gettext_lazy("Note"), max_length=10_000, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("outcome") == FollowUp.Outcome.OTHER and not cleaned.get("note"):
            self.add_error("note", _("Please say in a few words what came of it."))
        return cleaned


def _assign(rows: Sequence[FollowUp], *, by: User, owner: User) -> dict[int, dict[str, Any]]:
    before = {row.pk: {"owner": row.owner_id, "given": owner.pk} for row in rows if row.owner_id != owner.pk}
    for row in rows:
        if row.pk in before:
            deputy = None if row.deputy_id == owner.pk else row.deputy
            services.assign_follow_up(row, owner=owner, deputy=deputy, by=by)
    return before


def _snooze(rows: Sequence[FollowUp], *, by: User, until: Any) -> dict[int, dict[str, Any]]:
    for row in rows:
        services.snooze_follow_up(row, until=until, by=by)
    return {
        row.pk: {"until": row.snoozed_until and row.snoozed_until.isoformat(), "given": until.isoformat()}
        for row in rows
    }


def _close(rows: Sequence[FollowUp], *, by: User, outcome: str, note: str) -> dict[int, dict[str, Any]]:
    for row in rows:
        services.close_follow_up(row, outcome=outcome, note=note, by=by)
    return {row.pk: {"until": row.snoozed_until and row.snoozed_until.isoformat()} for row in rows}


def _undoing(service: Callable[..., bool]) -> Callable[..., int]:
    def undo(before: Mapping[int, Mapping[str, Any]], *, by: User) -> int:
        seen = follow_ups_for(by).filter(pk__in=before).order_by("pk")
        return sum(service(row, before[row.pk], by=by) for row in seen)

    return undo


def _owner_now(row: FollowUp) -> str:
    return str(row.owner or "")


def _quiet_now(row: FollowUp) -> str:
    return date_format(row.snoozed_until, "SHORT_DATE_FORMAT") if row.snoozed_until else ""


ASSIGN = Action(
    "assign", gettext_lazy("Assign"), AssignForm, workable, _owner_now, lambda _row, values: str(values["owner"]),
    _assign, _undoing(services.take_assignment_back),
)  # fmt: skip
SNOOZE = Action(
    "snooze", gettext_lazy("Put off"), SnoozeForm, workable, _quiet_now,
    lambda _row, values: date_format(values["until"], "SHORT_DATE_FORMAT"),
    _snooze, _undoing(services.wake_follow_up),
)  # fmt: skip
CLOSE = Action(
    "close", gettext_lazy("Close"), CloseForm, workable, lambda row: row.get_state_display(),
    lambda _row, values: str(FollowUp.Outcome(values["outcome"]).label), _close, _undoing(services.take_closing_back),
)  # fmt: skip
