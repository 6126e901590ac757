"""Telling people: a row in the transaction of its cause, at most one per person and news; mail goes by the outbox."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.audit.services import record
from accounts.jobs.models import Job
from accounts.models import Customer, Role, User
from accounts.notifications.models import Channel, Notification, Preferences
from accounts.notifications.queries import channel_of, notifications_of, preferences_of, quiet_end, unread, zone_of
from accounts.notifications.registry import KINDS
from accounts.outbox.models import OutboxMail
from accounts.outbox.services import queue_mail

KEPT = timedelta(days=180)
JOB = "job"


@transaction.atomic
def notify(
    user: User | None,
    kind: str,
    *,
    key: str,
    by: User | None,
    customer: Customer | None = None,
    target: int | None = None,
    **details: Any,
) -> Notification | None:
    """Tell a colleague once; None for somebody who hears nothing of it, and of what they did themselves.

    ``details`` are ids and plain words. Whether they may still see the customer is asked again when it is shown and
    when it is sent.
    """
    if user is None or user == by or not user.is_active or user.role not in KINDS[kind].roles:
        return None
    row, made = Notification.objects.get_or_create(
        user=user,
        key=key,
        defaults={
            "kind": kind, "customer": customer, "target": target, "details": details,
            "channel": channel_of(user, kind),
        },
    )  # fmt: skip
    if made and row.channel == Channel.MAIL:
        _mail(row, user)
    return row


def _mail(row: Notification, user: User) -> None:
    queue_mail(
        f"notification:{row.pk}",
        "notification",
        user=user,
        context={"notification": row.pk},
        language=user.language,
        purpose="notification",
        due_at=quiet_end(user, timezone.now()),
    )


def mark_read(row: Notification) -> None:
    Notification.objects.filter(pk=row.pk, read_at=None).update(read_at=timezone.now())


def mark_all_read(user: User) -> int:
    """What the person may know is read; returns how many."""
    rows = list(unread(user).values_list("pk", flat=True))
    return Notification.objects.filter(pk__in=rows, read_at=None).update(read_at=timezone.now())


@transaction.atomic
def choose(
    user: User, *, channels: dict[str, str], digest_hour: int, quiet_from: int | None, quiet_until: int | None
) -> Preferences:
    """The person's own choices; kinds that are not named keep theirs."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    chosen = preferences_of(user)
    chosen.channels = chosen.channels | channels
    chosen.digest_hour, chosen.quiet_from, chosen.quiet_until = digest_hour, quiet_from, quiet_until
    chosen.save()
    record("profile.notifications_chosen", by=user, target=user)
    return chosen


def end_digest(user: User) -> Preferences:
    """By the link in the daily mail: what came in it stays in the application."""
    chosen = preferences_of(user)
    digested = [name for name in KINDS if channel_of(user, name) == Channel.DIGEST]
    hours = {name: getattr(chosen, name) for name in ("digest_hour", "quiet_from", "quiet_until")}
    return choose(user, channels=dict.fromkeys(digested, str(Channel.APP)), **hours)


# --- once a day ----------------------------------------------------------------------


def send_digests(limit: int = 500) -> int:
    """A mail for everybody whose hour has struck and for whom something waits; returns how many."""
    waiting = Notification.objects.filter(channel=Channel.DIGEST, digest_on=None, user=OuterRef("pk"))
    people = User.objects.filter(Exists(waiting), is_active=True).exclude(role=Role.CONTACT).order_by("pk")[:limit]
    return sum(_send_digest(user, timezone.now()) for user in people)


@transaction.atomic
def _send_digest(user: User, now: datetime) -> bool:
    """Once a local day, whatever the clocks do: the day is the key."""
    local = now.astimezone(zone_of(user))
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    key = f"digest:{user.pk}:{local.date()}"
    if local.hour < preferences_of(user).digest_hour or OutboxMail.objects.filter(key=key).exists():
        return False
    waiting = notifications_of(user).filter(channel=Channel.DIGEST, digest_on=None)
    found = list(waiting.values_list("pk", flat=True))
    Notification.objects.filter(user=user, channel=Channel.DIGEST, digest_on=None).update(digest_on=local.date())
    if not found:
        return False
    queue_mail(
        key, "digest", user=user, context={"day": local.date().isoformat()}, language=user.language, purpose="digest"
    )
    return True


# --- what rooms below cannot tell -------------------------------------------------------


def announce_jobs() -> int:
    """Tell whoever started a job that it ended; a job that is tried again ends anew."""
    told = Notification.objects.filter(kind=JOB, target=OuterRef("pk"), created_at__gte=OuterRef("finished_at"))
    ended = Job.objects.filter(
        state__in=(Job.State.DONE, Job.State.FAILED),
        finished_at__gte=timezone.now() - timedelta(days=1),
        started_by__is_active=True,
    )
    jobs = ended.exclude(Exists(told)).exclude(started_by__role=Role.CONTACT).select_related("started_by")[:200]
    for job in jobs:
        key = f"job:{job.pk}:{job.finished_at:%Y%m%d%H%M%S%f}"
        notify(job.started_by, JOB, key=key, by=None, target=job.pk)
    return len(jobs)


def forget_old(limit: int = 1000) -> int:
    """What is half a year old is gone."""
    old = Notification.objects.filter(created_at__lt=timezone.now() - KEPT).order_by("pk").values("pk")[:limit]
    return Notification.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()[0]
