"""Reads on mails."""

from django.db.models import Count, Min, Q, QuerySet

from accounts.outbox.models import OutboxMail

State = OutboxMail.State


def mails_by_state() -> dict[str, int]:
    """How many there are in each state, also when there are none."""
    counted = dict(OutboxMail.objects.order_by().values_list("state").annotate(n=Count("pk")))
    return {state: counted.get(state, 0) for state in State.values}


def parked_mails() -> QuerySet[OutboxMail]:
    return _with_receivers(OutboxMail.objects.filter(state=State.PARKED))


def failing_mails() -> QuerySet[OutboxMail]:
    """What failed at least once and will be tried again."""
    failed = OutboxMail.objects.filter(state=State.WAITING, attempts__gt=0)
    return _with_receivers(failed.exclude(last_error=""))


def _with_receivers(mails: QuerySet[OutboxMail]) -> QuerySet[OutboxMail]:
    return mails.select_related("contact__customer", "user").order_by("-pk")


def backlog() -> dict[str, object]:
    """How many mails are still to go out, and since when the oldest of them is due; one query."""
    still = Q(state__in=(State.WAITING, State.CLAIMED))
    return OutboxMail.objects.aggregate(
        waiting=Count("pk", filter=still),
        oldest=Min("due_at", filter=still),
        parked=Count("pk", filter=Q(state=State.PARKED)),
    )
