"""Comparisons that admins asked for in the chat: made by a job, each told once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select, update

from storage.engine.reading import Reader, Transaction
from storage.tables.surveys import comparisons as table

State = Literal["pending", "sent", "failed"]


@dataclass(frozen=True, slots=True)
class ComparisonRun:
    """Two waves to be compared, and who wants to know."""

    id: int
    person_id: int
    before_wave_id: int
    after_wave_id: int
    state: State
    requested_at: datetime
    finished_at: datetime | None


async def request(tx: Transaction, person_id: int, before: int, after: int, now: datetime) -> None:
    """Ask for a comparison; the same one asked for and not yet made is made once."""
    values = {"person_id": person_id, "before_wave_id": before, "after_wave_id": after}
    same = [table.c[name] == value for name, value in values.items()]
    waiting = select(func.count()).select_from(table).where(*same, table.c.state == "pending")
    if not await tx.scalar(waiting):
        await tx.run(tx.insert(table).values(**values, state="pending", requested_at=now))


async def pending(reader: Reader) -> Sequence[ComparisonRun]:
    """Return the comparisons to be made, the oldest first."""
    rows = await reader.all(select(table).where(table.c.state == "pending").order_by(table.c.id))
    return [ComparisonRun(**row) for row in rows]


async def finish(
    tx: Transaction, run_id: int, state: Literal["sent", "failed"], now: datetime
) -> None:
    """Note what became of a comparison."""
    values = {"state": state, "finished_at": now}
    await tx.run(update(table).where(table.c.id == run_id).values(values))


async def count_due(reader: Reader) -> int:
    """Count the comparisons to be made."""
    waiting = select(func.count()).select_from(table).where(table.c.state == "pending")
    number: int = await reader.scalar(waiting)
    return number


async def next_due(reader: Reader) -> datetime | None:
    """Return since when a comparison waits."""
    waiting = select(func.min(table.c.requested_at)).where(table.c.state == "pending")
    moment: datetime | None = await reader.scalar(waiting)
    return moment
