"""What contacts see of us."""

from django.db.models import Q

from kvi.models import Goal


def shown_to_contacts(prefix: str = "") -> Q:
    """A goal that is still a draft is ours alone."""
    return ~Q(**{f"{prefix}goal__state": Goal.State.DRAFT})
