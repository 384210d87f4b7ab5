"""How the queues stand, for whoever keeps the program running."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from storage.engine.reading import Reader
from storage.sending import errands, inbox, outbox, schedules


@dataclass(frozen=True, slots=True)
class Vitals:
    """`messages` by state; `next_message_due`: when the first of those to be sent is or was due."""

    messages: Mapping[str, int]
    next_message_due: datetime | None
    updates_waiting: int
    updates_parked: int
    work_due: int


async def vitals(reader: Reader, now: datetime) -> Vitals:
    """Return how the queues stand."""
    return Vitals(
        messages=await outbox.counts(reader),
        next_message_due=await outbox.next_due(reader),
        updates_waiting=await inbox.count(reader, now),
        updates_parked=len(await inbox.parked(reader)),
        work_due=await errands.count_due(reader, now) + await schedules.count_due(reader, now),
    )
