from celery import shared_task

from accounts.rest.services import forget_answers


@shared_task
def sweep() -> int:
    """What was answered more than a day ago."""
    return forget_answers()
