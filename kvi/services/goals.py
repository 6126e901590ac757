"""What the customer wants to reach: made, changed, reviewed, closed."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit.services import record
from accounts.models import Customer, User
from accounts.services import workspace_settings
from cs_portal.metrics.periods import add_months
from kvi.models import Goal, GoalReview
from kvi.scorecard import today

CADENCE_MONTHS = {"quarterly": 3, "half_yearly": 6, "yearly": 12}


def next_review(goal: Goal, after: date) -> date:
    return add_months(after, CADENCE_MONTHS[goal.review_cadence])


@transaction.atomic
def create_goal(customer: Customer, *, by: User, **fields: Any) -> Goal:
    """A draft; it becomes proposed and agreed with its first indicator. Raises ValidationError by field.

    The same draft again (a form sent twice) is the first one.
    """
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    goal = Goal(customer=customer, **{"owner": customer.owner or by, **fields})
    _check(goal)
    if twin := Goal.objects.filter(customer=customer, state=Goal.State.DRAFT, **fields).first():
        return twin
    goal.next_review_on = next_review(goal, goal.start_date)
    goal.save()
    record("goal.created", by=by, target=goal, customer=customer.pk)
    return goal


@transaction.atomic
def edit_goal(goal: Goal, *, by: User, **fields: Any) -> Goal:
    """Change what the form names and nothing else: an acceptance that comes meanwhile keeps the goal agreed."""
    goal = Goal.objects.select_for_update().get(pk=goal.pk)
    for name, value in fields.items():
        setattr(goal, name, value)
    _check(goal)
    goal.save(update_fields=list(fields))
    record("goal.edited", by=by, target=goal, fields=sorted(fields))
    return goal


def _check(goal: Goal) -> None:
    group = goal.user_group
    if goal.scope == Goal.Scope.INDIVIDUAL and group is None:
        raise ValidationError({"user_group": _("An individual goal needs the user group whose goal it is.")})
    if goal.scope == Goal.Scope.COLLECTIVE and group is not None:
        raise ValidationError({"user_group": _("A collective goal belongs to the whole company, not to a group.")})
    if group is not None and group.customer_id != goal.customer_id:
        raise ValidationError({"user_group": _("This group belongs to another customer.")})
    if goal.customer_owner is not None and goal.customer_owner.customer_id != goal.customer_id:
        raise ValidationError({"customer_owner": _("Please choose a contact of this customer.")})
    if goal.retired_on is not None and goal.retired_on < goal.start_date:
        raise ValidationError({"start_date": _("The goal was retired before this day.")})
    if goal.weight <= 0:
        raise ValidationError({"weight": _("The weight must be above 0.")})


@transaction.atomic
def achieve_goal(goal: Goal, *, by: User, note: str = "") -> Goal:
    """The customer has it; it stays in score and report until it is retired."""
    goal = _open_goal(goal)
    goal.state, goal.closing_note = Goal.State.ACHIEVED, note
    goal.save(update_fields=["state", "closing_note"])
    record("goal.achieved", by=by, target=goal)
    return goal


@transaction.atomic
def retire_goal(goal: Goal, *, by: User, note: str) -> Goal:
    """Take it out of score and report from today on; the note says why. Raises ValidationError without one."""
    if not note.strip():
        raise ValidationError({"note": _("Please say why the goal is retired.")})
    goal = _open_goal(goal)
    goal.state, goal.closing_note = Goal.State.RETIRED, note
    goal.retired_on = max(goal.start_date, today(workspace_settings()))
    goal.save(update_fields=["state", "closing_note", "retired_on"])
    record("goal.retired", by=by, target=goal)
    return goal


@transaction.atomic
def review_goal(goal: Goal, *, still_valid: bool, by: User, note: str = "") -> GoalReview:
    """Keep the answer to "still your goal?"; the next review follows by the cadence."""
    goal = _open_goal(goal)
    review = GoalReview.objects.create(goal=goal, by=by, still_valid=still_valid, note=note)
    goal.next_review_on = next_review(goal, today(workspace_settings()))
    goal.save(update_fields=["next_review_on"])
    record("goal.reviewed", by=by, target=goal, still_valid=still_valid)
    return review


def _open_goal(goal: Goal) -> Goal:
    goal = Goal.objects.select_for_update().get(pk=goal.pk)
    if goal.state == Goal.State.RETIRED:
        raise ValidationError(_("This goal is retired already."), code="retired")
    return goal
