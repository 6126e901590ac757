"""Reads on notifications: only a person's own, of customers that exist for them, of kinds that their role hears."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.access import customers_for
from accounts.models import Role, User
from accounts.notifications.models import Channel, Notification, Preferences
from accounts.notifications.registry import KINDS, Shown
from accounts.services import workspace
from cs_portal.kit.tokens import secret


@dataclass(frozen=True)
class Row:
    notification: Notification
    shown: Shown | None


def heard_by(user: User) -> frozenset[str]:
    """The kinds that the person's role hears of."""
    return frozenset(name for name, kind in KINDS.items() if user.is_active and user.role in kind.roles)


def notifications_of(user: User) -> QuerySet[Notification]:
    """What the person may still know, as the gate says now."""
    seen = Q(customer=None) | Q(customer__in=customers_for(user).values("pk"))
    return Notification.objects.filter(seen, user=user, kind__in=heard_by(user)).exclude(channel=Channel.OFF)


def unread(user: User) -> QuerySet[Notification]:
    return notifications_of(user).filter(read_at=None)


def described(notifications: Sequence[Notification], reader: User) -> list[Row]:
    """Each with its words; the queries of each kind, however many there are."""
    words: dict[int, Shown] = {}
    for name, several in groupby(sorted(notifications, key=lambda one: one.kind), key=lambda one: one.kind):
        words |= KINDS[name].show(list(several), reader) if name in KINDS else {}
    return [Row(one, words.get(one.pk)) for one in notifications]


def preferences_of(user: User) -> Preferences:
    """What the person chose, or what everybody begins with."""
    return Preferences.objects.filter(user=user).first() or Preferences(user=user)


def channel_of(user: User, kind: str) -> str:
    return str(preferences_of(user).channels.get(kind, KINDS[kind].default))


def zone_of(user: User) -> ZoneInfo:
    return ZoneInfo(user.time_zone or workspace().time_zone)


def quiet_end(user: User, now: datetime) -> datetime | None:
    """When the person's quiet hours end, if it is quiet now. Of an hour that a clock change skips, the next one."""
    chosen = preferences_of(user)
    begins, ends = chosen.quiet_from, chosen.quiet_until
    if begins is None or ends is None or begins == ends:
        return None
    local = now.astimezone(zone_of(user))
    if not (begins <= local.hour < ends if begins < ends else local.hour >= begins or local.hour < ends):
        return None
    end = local.replace(hour=ends, minute=0, second=0, microsecond=0, fold=0)
    return end if end > local else end + timedelta(days=1)  # by the clock on the wall


def unsubscribe_path(user: User) -> str:
    """The secret path by which a person ends their own daily mail."""
    return reverse("notifications:unsubscribe", args=[user.public_id, _secret(user.public_id)])


def unsubscribing(public_id: UUID, token: str) -> User | None:
    """The colleague whose mail the link came from."""
    if not compare_digest(_secret(public_id).encode(), token.encode("utf-8", "replace")):
        return None
    return User.objects.filter(public_id=public_id, is_active=True).exclude(role=Role.CONTACT).first()


def _secret(public_id: UUID) -> str:
    return secret("accounts.notifications", "unsubscribe", public_id, 0)
