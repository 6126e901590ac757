"""What other rooms' news sets going here."""

from typing import Any

from django.dispatch import receiver

from kvi.playbooks.services import follow_up_detractors
from surveys.signals import responses_submitted


@receiver(responses_submitted, dispatch_uid="playbooks.follow_up_detractors")
def answers_arrived(sender: Any, ids: list[int], **_more: Any) -> None:
    follow_up_detractors(ids)
