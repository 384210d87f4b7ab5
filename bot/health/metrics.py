"""Figures in the format of Prometheus."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily as Gauge
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from storage.copies.shelf import Shelf
from storage.vitals import Vitals


def rendered(
    found: Vitals | None, now: datetime, beside: Path, shelf: Shelf, *, ready: bool
) -> bytes:
    """Return the text that Prometheus reads; `found` None: the database did not answer.

    The disk is that of the folder `beside` the database.
    """

    class Figures(Collector):
        def collect(self) -> Iterator[Metric]:
            yield Gauge("otklik_ready", "1 while the bot serves", value=ready)
            answers = found is not None
            yield Gauge("otklik_database_answers", "1 while the database does", value=answers)
            yield from _of_files(beside, shelf, now)
            if found is not None:
                yield from _of_queues(found, now)

    registry = CollectorRegistry()
    registry.register(Figures())
    ProcessCollector(registry=registry)
    return generate_latest(registry)


def _of_files(beside: Path, shelf: Shelf, now: datetime) -> Iterator[Metric]:
    free = shutil.disk_usage(beside).free
    yield Gauge("otklik_disk_free_bytes", "Room beside the database", value=free)
    copies = shelf.copies()
    if copies:
        age = (now - max(copy.made_at for copy in copies)).total_seconds()
        yield Gauge("otklik_copy_age_seconds", "Time since the newest copy was made", value=age)


def _of_queues(found: Vitals, now: datetime) -> Iterator[Metric]:
    messages = Gauge("otklik_messages", "Messages by state", labels=["state"])
    for state, count in sorted(found.messages.items()):
        messages.add_metric([state], count)
    yield messages
    due = found.next_message_due
    late = 0.0 if due is None else max(0.0, (now - due).total_seconds())
    yield Gauge("otklik_message_late_seconds", "How long the next message has waited", value=late)
    waiting = found.updates_waiting
    yield Gauge("otklik_updates_waiting", "Updates not yet handled", value=waiting)
    yield Gauge("otklik_updates_parked", "Updates put aside", value=found.updates_parked)
    if found.standing is not None:
        count = len(found.standing.names)
        yield Gauge("otklik_replicas", "Programs on this database", value=count)
        leader = Gauge("otklik_leader", "1 for the replica that leads", labels=["replica"])
        if found.standing.leader is not None:
            leader.add_metric([found.standing.leader], 1)
        yield leader
    yield Gauge("otklik_work_due", "Digests, copies and other work due", value=found.work_due)
