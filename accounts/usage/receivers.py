"""Roll-ups are made with the workspace's time zone and session gap: a change of either makes them anew."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from accounts.models import User
from accounts.signals import settings_changed
from accounts.usage.services import start_rolling_up

ROLLED_BY = frozenset({"time_zone", "session_gap_minutes"})


@receiver(settings_changed, dispatch_uid="usage.roll_up_anew")
def roll_up_anew(names: Collection[str], by: User | None, **_more: Any) -> None:
    if ROLLED_BY.intersection(names):
        start_rolling_up(by=by)
