"""Figures for operators, read anew for each scrape; those of the requests are counted by the middleware."""

import os
from collections.abc import Iterator

from django.db import DatabaseError
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from accounts.jobs.queries import age_of, jobs_by_state, last_beat
from accounts.outbox.queries import backlog

CONTENT_TYPE = CONTENT_TYPE_LATEST
SHARED = "PROMETHEUS_MULTIPROC_DIR"  # set where several processes serve and count together
UNKNOWN = float("nan")


def exposition() -> bytes:
    """The Prometheus text format: requests of all processes, then outbox, jobs and beat."""
    own = CollectorRegistry()
    own.register(Work())
    return generate_latest(_requests()) + generate_latest(own)


def _requests() -> CollectorRegistry:
    if SHARED not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


class Work(Collector):
    """What waits in the database, and when the machinery that does it was last alive."""

    def describe(self) -> list[GaugeMetricFamily]:
        return []  # or registering would already ask the database

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            found = list(_work())
        except DatabaseError:
            found = []
        yield GaugeMetricFamily("cs_database_up", "Whether the database answered this scrape", value=bool(found))
        yield from found


def _work() -> Iterator[GaugeMetricFamily]:
    mails, now = backlog(), timezone.now()
    late = max(0.0, (now - mails["oldest"]).total_seconds()) if mails["oldest"] else 0.0
    yield GaugeMetricFamily("cs_outbox_waiting", "Mails that are still to go out", value=mails["waiting"])
    yield GaugeMetricFamily(
        "cs_outbox_oldest_seconds", "For how long the longest waiting mail has been due", value=late
    )
    yield GaugeMetricFamily("cs_outbox_parked", "Mails that nobody will try again by themselves", value=mails["parked"])
    jobs = GaugeMetricFamily("cs_jobs", "Jobs by state", labels=["state"])
    for state, count in jobs_by_state().items():
        jobs.add_metric([state], count)
    yield jobs
    for name, what in (("beat", "the beat ticked"), ("worker", "a worker did what the beat sent")):
        age = age_of(last_beat(name))
        value = UNKNOWN if age is None else age.total_seconds()
        yield GaugeMetricFamily(f"cs_{name}_age_seconds", f"Since when {what}", value=value)
