"""Doors for the beat."""

from celery import shared_task

from kvi.playbooks import services


@shared_task
def sweep() -> int:
    """Every minute: the follow-ups of unhappy answers whose announcement nobody heard."""
    return services.open_missing()
