"""Doors for the beat."""

from celery import shared_task

from accounts.notifications import services


@shared_task
def sweep() -> int:
    """Every minute: jobs that ended, digests whose hour has struck, and what is too old."""
    services.announce_jobs()
    services.forget_old()
    return services.send_digests()
