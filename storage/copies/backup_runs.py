"""When the next daily copy is due, and the copies to make and made: each slot once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, func, insert, select, update

from storage.engine.reading import Reader, Transaction
from storage.tables.upkeep import backup_schedule as schedule
from storage.tables.upkeep import backups as table

REMEMBERED = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Run:
    """A copy to make: for the admin who asked, or (None) by schedule."""

    id: int
    person_id: int | None
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """A copy that was made: its file and how many bytes it has."""

    path: str
    bytes: int
    finished_at: datetime


async def set_due(tx: Transaction, due_at: datetime | None) -> None:
    """Set when the next daily copy is made; None: none by itself."""
    statement = tx.insert(schedule).values(id=1, next_due_at=due_at)
    changed = {"next_due_at": due_at}
    await tx.run(statement.on_conflict_do_update(index_elements=["id"], set_=changed))


async def due_at(reader: Reader) -> datetime | None:
    """Return when the next daily copy is made."""
    moment: datetime | None = await reader.scalar(select(schedule.c.next_due_at))
    return moment


async def claim(tx: Transaction, seen: datetime, following: datetime, now: datetime) -> bool:
    """Take a slot by moving on to the next; False: it was taken before."""
    as_seen = schedule.c.next_due_at == seen
    if not await tx.run(update(schedule).where(as_seen).values(next_due_at=following)):
        return False
    await tx.run(insert(table).values(state="pending", requested_at=now))
    return True


async def request(tx: Transaction, person_id: int, now: datetime) -> None:
    """Let a copy be made now; asked for twice, it is made once."""
    mine = (table.c.state == "pending") & (table.c.person_id == person_id)
    if await tx.scalar(select(table.c.id).where(mine)) is None:
        values = {"person_id": person_id, "state": "pending", "requested_at": now}
        await tx.run(insert(table).values(values))


async def pending(reader: Reader) -> Sequence[Run]:
    """Return the copies still to be made, the oldest first."""
    columns = [table.c[name] for name in Run.__dataclass_fields__]
    waiting = select(*columns).where(table.c.state == "pending").order_by(table.c.id)
    return [Run(**row) for row in await reader.all(waiting)]


async def finish(
    tx: Transaction,
    run_id: int,
    state: Literal["done", "failed"],
    now: datetime,
    path: str | None = None,
    size: int | None = None,
) -> None:
    """Note what became of a copy, and forget those of long ago."""
    values = {"state": state, "finished_at": now, "path": path, "bytes": size}
    await tx.run(update(table).where(table.c.id == run_id).values(values))
    await tx.run(delete(table).where(table.c.finished_at < now - REMEMBERED))


async def latest(reader: Reader) -> Made | None:
    """Return the latest copy that the running bot has made."""
    columns = [table.c[name] for name in Made.__dataclass_fields__]
    done = select(*columns).where(table.c.state == "done").order_by(table.c.id.desc()).limit(1)
    row = await reader.first(done)
    return None if row is None else Made(**row)


async def next_due(reader: Reader) -> datetime | None:
    """Return the next slot; a pending copy is due since it was asked for."""
    asked = await reader.scalar(
        select(func.min(table.c.requested_at)).where(table.c.state == "pending")
    )
    moments = (await due_at(reader), asked)
    return min((moment for moment in moments if moment is not None), default=None)


async def count_due(reader: Reader, now: datetime) -> int:
    """Count the slot that has come and the copies not yet made."""
    slots: int = await reader.scalar(select(func.count()).where(schedule.c.next_due_at <= now))
    waiting: int = await reader.scalar(select(func.count()).where(table.c.state == "pending"))
    return slots + waiting
