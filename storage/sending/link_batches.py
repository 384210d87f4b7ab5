"""Files with links that admins asked for: made by a job, sent, and soon deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import func, select, update

from storage.engine.reading import Reader, Transaction
from storage.people.people import Role
from storage.tables.imports import link_batches as table

Format = Literal["xlsx", "html"]
State = Literal["pending", "done", "failed", "cleared"]
KEPT = timedelta(days=1)
"""How long a file with links lies beside the database after it was made."""


@dataclass(frozen=True, slots=True)
class LinkBatch:
    """One file: who asked for it, what kind, for whom; `wave_id`: for those it could not reach."""

    id: int
    person_id: int
    format: Format
    role: Role | None
    wave_id: int | None
    state: State
    created_at: datetime
    finished_at: datetime | None


async def request(
    tx: Transaction,
    person_id: int,
    file_format: Format,
    role: Role | None,
    now: datetime,
    *,
    wave_id: int | None = None,
) -> None:
    """Ask for a file; the same one asked for and not yet made is made once."""
    same = (table.c.person_id == person_id) & (table.c.format == file_format)
    same &= table.c.wave_id.is_not_distinct_from(wave_id)
    waiting = same & (table.c.state == "pending")
    if await tx.scalar(select(func.count()).select_from(table).where(waiting)):
        return
    values = {"person_id": person_id, "format": file_format, "role": role, "wave_id": wave_id}
    await tx.run(tx.insert(table).values(**values, state="pending", created_at=now))


async def pending(reader: Reader) -> Sequence[LinkBatch]:
    """Return the files to be made, the oldest first."""
    rows = await reader.all(select(table).where(table.c.state == "pending").order_by(table.c.id))
    return [LinkBatch(**row) for row in rows]


async def outdated(reader: Reader, now: datetime) -> Sequence[int]:
    """Return the numbers of the files that have lain long enough."""
    old = (table.c.state == "done") & (table.c.finished_at <= now - KEPT)
    return await reader.scalars(select(table.c.id).where(old))


async def finish(tx: Transaction, batch_id: int, state: State, now: datetime) -> None:
    """Note what became of a file."""
    values = {"state": state, "finished_at": now}
    await tx.run(update(table).where(table.c.id == batch_id).values(values))


async def count_due(reader: Reader) -> int:
    """Count the files to be made."""
    waiting = select(func.count()).select_from(table).where(table.c.state == "pending")
    number: int = await reader.scalar(waiting)
    return number


async def next_due(reader: Reader) -> datetime | None:
    """Return when there is a file to be made or to be deleted."""
    made = await reader.scalars(select(table.c.created_at).where(table.c.state == "pending"))
    done = await reader.scalars(select(table.c.finished_at).where(table.c.state == "done"))
    return min([*made, *(moment + KEPT for moment in done)], default=None)
