"""Doors for the worker and the beat."""

from celery import shared_task

from reports import services


@shared_task
def render(rendering_id: int) -> None:
    services.render(rendering_id)


@shared_task
def sweep() -> int:
    """Every minute: files that are due and were not made, for whatever reason."""
    return services.sweep()
