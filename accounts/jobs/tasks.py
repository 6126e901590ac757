"""Doors for the worker and the beat."""

from celery import shared_task

from accounts.jobs import services


@shared_task
def do(job_id: int) -> None:
    services.do(job_id)


@shared_task
def sweep() -> int:
    """Every minute: what is due and was not done, for whatever reason."""
    return services.sweep()


@shared_task
def pulse() -> None:
    """Sent by the beat, done by a worker: both are alive, and so is the way between them."""
    services.beat("worker")
