"""The job queue: rows in the database are the truth, a message only wakes a worker, the beat finds what was lost."""

import logging
import os
from typing import Any

from celery import Celery
from celery.signals import after_setup_logger, after_setup_task_logger, celeryd_init
from django.conf import settings
from kombu.transport import TRANSPORT_ALIASES

from cs_portal.kit.logs import MaskSecrets

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cs_portal.settings")
TRANSPORT_ALIASES["filesystem"] = "cs_portal.kit.broker:Transport"

app = Celery("cs_portal", task_cls="cs_portal.kit.jobs:Task")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.set_default()  # for every thread, not only for the one that imports this

# Every queue of rows has a sweep; what it finds twice is done once.
app.conf.beat_schedule = {
    task: {"task": task, "schedule": settings.SWEEP_SECONDS, "options": {"expires": settings.SWEEP_SECONDS}}
    for task in (
        "accounts.outbox.tasks.sweep",
        "accounts.jobs.tasks.sweep",
        "accounts.jobs.tasks.pulse",
        "accounts.notifications.tasks.sweep",
        "accounts.rest.tasks.sweep",
        "kvi.tasks.forget_old_changes",
        "kvi.playbooks.tasks.sweep",
    )
}


@celeryd_init.connect(weak=False)
def be_patient(conf: Any, **kwargs: Any) -> None:
    """A worker waits for its next message, however long nothing comes."""
    if conf.broker_transport_options == settings.BROKER_IMPATIENCE:
        conf.broker_transport_options = settings.BROKER_PATIENCE


@after_setup_logger.connect(weak=False)
@after_setup_task_logger.connect(weak=False)
def mask_logs(logger: logging.Logger, **kwargs: Any) -> None:
    """Celery puts handlers of its own in place of the settings': what these hide, those hide as well."""
    for handler in logger.handlers:
        handler.addFilter(MaskSecrets())
