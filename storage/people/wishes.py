"""Whether people want invitations, and when they said so: both wishes are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from storage.engine.reading import Reader, Transaction
from storage.tables.people import people
from storage.tables.people import wishes as table


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wanted from a moment on."""

    wanted: bool
    said_at: datetime


async def opt_out(tx: Transaction, person_id: int, now: datetime) -> None:
    """Note that the person wants no more invitations."""
    wanting = (people.c.id == person_id) & people.c.opted_out_at.is_(None)
    if await tx.run(update(people).where(wanting).values(opted_out_at=now)):
        await _note(tx, person_id, now, wanted=False)


async def opt_in(tx: Transaction, person_id: int, now: datetime) -> bool:
    """Note that the person wants invitations again; False where they never stopped."""
    stopped = (people.c.id == person_id) & people.c.opted_out_at.is_not(None)
    if not await tx.run(update(people).where(stopped).values(opted_out_at=None)):
        return False
    await _note(tx, person_id, now, wanted=True)
    return True


async def of_person(reader: Reader, person_id: int, limit: int) -> Sequence[Wish]:
    """Return what a person wanted, the latest first."""
    said = select(table.c.wanted, table.c.said_at).where(table.c.person_id == person_id)
    return [Wish(**row) for row in await reader.all(said.order_by(table.c.id.desc()).limit(limit))]


async def _note(tx: Transaction, person_id: int, now: datetime, *, wanted: bool) -> None:
    values = {"person_id": person_id, "wanted": wanted, "said_at": now}
    await tx.run(insert(table).values(values))
