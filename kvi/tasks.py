from celery import shared_task

from kvi import changes


@shared_task
def forget_old_changes() -> int:
    """The rows that tell facts' versions apart, but for the latest."""
    return changes.forget_old_changes()
