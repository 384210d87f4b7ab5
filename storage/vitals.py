"""How the queues stand, for whoever keeps the program running."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, func, select

from storage.engine.reading import Reader
from storage.replicas import lease
from storage.replicas.lease import ReplicasSeen
from storage.sending import errands, inbox, outbox, pauses, schedules, tally
from storage.tables.delivery import inbox as updates
from storage.tables.delivery import outbox as messages
from storage.tables.imports import WORK, imports
from storage.tables.surveys import campaigns, waves


@dataclass(frozen=True, slots=True)
class Vitals:
    """`messages` by state; `next_message_due`: when the first of those to be sent is or was due."""

    messages: Mapping[str, int]
    next_message_due: datetime | None
    updates_waiting: int
    updates_parked: int
    work_due: int
    standing: ReplicasSeen | None = None
    """The replicas; None where there can be only one."""


async def vitals(reader: Reader, now: datetime) -> Vitals:
    """Return how the queues stand."""
    return Vitals(
        messages=await tally.by_state(reader),
        next_message_due=await outbox.next_due(reader),
        updates_waiting=await inbox.count(reader, now),
        updates_parked=len(await inbox.parked(reader)),
        work_due=await errands.count_due(reader, now) + await schedules.count_due(reader, now),
        standing=await lease.standing(reader),
    )


STUCK_AFTER = timedelta(hours=1)
"""What has begun and is not finished after this long is stuck, or nobody works."""
LATE_AFTER = timedelta(minutes=15)
"""Sending has stopped where a message has been due for this long and nothing holds it."""


async def stuck(reader: Reader, now: datetime) -> Mapping[str, int]:
    """Return how many rows of each table stand in the middle of something for an hour."""
    before = now - STUCK_AFTER
    running = select(campaigns.c.id).where(campaigns.c.state == "running")
    looked_at: Sequence[tuple[Table, ColumnElement[bool]]] = (
        (messages, (messages.c.state == "sending") & (messages.c.claimed_at < before)),
        (updates, updates.c.parked_at.is_(None) & (updates.c.received_at < before)),
        (
            waves,
            waves.c.stage.in_(("deciding", "inviting"))
            & (waves.c.started_at < before)
            & waves.c.campaign_id.in_(running),
        ),
        (imports, imports.c.state.in_(WORK) & (imports.c.changed_at < before)),
    )
    counted = {
        table.name: await reader.scalar(select(func.count()).select_from(table).where(which))
        for table, which in looked_at
    }
    return {name: count for name, count in counted.items() if count}


async def late_since(reader: Reader, now: datetime) -> datetime | None:
    """Return since when a message is due that nothing holds back, where that is long ago."""
    due = await outbox.next_due(reader)
    if due is None or due >= now - LATE_AFTER or await pauses.is_paused(reader, now):
        return None
    return due
