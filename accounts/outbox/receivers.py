"""What the mail provider reports: addresses that do not exist, and people who complain."""

from typing import Any

from anymail.signals import tracking
from django.dispatch import receiver
from django.utils import timezone

from accounts.outbox.models import SuppressedAddress
from accounts.outbox.suppression import note_bounce

WHY = {"bounced": SuppressedAddress.Why.BOUNCED, "complained": SuppressedAddress.Why.COMPLAINED}


@receiver(tracking, dispatch_uid="outbox.reported")
def reported(sender: Any, event: Any, **_more: Any) -> None:
    """What comes later or is opened says nothing here; a temporary failure is none."""
    if event.event_type in WHY and event.recipient:
        note_bounce(event.recipient, WHY[event.event_type], event.timestamp or timezone.now())
