"""Doors for the worker and the beat."""

from celery import shared_task

from accounts.outbox import services


@shared_task
def deliver(mail_id: int) -> None:
    services.deliver(mail_id)


@shared_task
def sweep() -> int:
    """Every minute: what is due and was not sent, for whatever reason."""
    return services.send_due()
