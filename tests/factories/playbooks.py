"""Follow-ups for tests, opened by the service."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import Customer, Role
from kvi.playbooks.models import FollowUp
from kvi.playbooks.services import open_follow_up
from tests.factories.accounts import make_customer, make_user


def make_follow_up(customer: Customer | None = None, **fields: Any) -> FollowUp:
    """Open, by hand, due in a day, the customer's owner's; ``due_at`` may lie anywhere."""
    customer = customer or make_customer(owner=make_user(Role.CSM))
    due_at = fields.pop("due_at", None)
    defaults = {"source": "hand", "source_id": uuid4(), "reason": "Call Kim", "owner": customer.owner, "by": None}
    made = open_follow_up(customer, due_at=timezone.now() + timedelta(days=1), **{**defaults, **fields})
    if due_at is not None:
        FollowUp.objects.filter(pk=made.pk).update(due_at=due_at)
        made.refresh_from_db()
    return made
