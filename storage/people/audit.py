"""The record of what staff did: written in the transaction of the deed, read by admins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select

from storage.engine.reading import Reader, Transaction
from storage.tables.audit import audit as table
from storage.tables.people import people

KEPT: Final = timedelta(days=1_095)
"""How long a line is kept."""
_ACTOR, _ABOUT = people.alias("actor"), people.alias("about")
_DEEDS = select(
    table.c.what,
    table.c.about_id,
    table.c.details,
    table.c.happened_at,
    _ACTOR.c.name.label("by"),
    _ABOUT.c.name.label("about"),
).select_from(
    table.outerjoin(_ACTOR, _ACTOR.c.id == table.c.person_id).outerjoin(
        _ABOUT, _ABOUT.c.id == table.c.about_id
    )
)


@dataclass(frozen=True, slots=True)
class Deed:
    """One line; `by` is None for the command line, `about` where it is about no customer."""

    what: str
    by: str | None
    about: str | None
    about_id: int | None
    details: str | None
    happened_at: datetime


async def note(
    tx: Transaction,
    what: str,
    by: int | None,
    now: datetime,
    *,
    about: int | None = None,
    details: str | None = None,
) -> None:
    """Write a line."""
    values = {"what": what, "person_id": by, "about_id": about, "details": details}
    await tx.run(tx.insert(table).values(**values, happened_at=now))


async def latest(
    reader: Reader, most: int, skip: int = 0, about: int | None = None
) -> Sequence[Deed]:
    """Return the latest lines first, of one customer or of all."""
    found = _DEEDS if about is None else _DEEDS.where(table.c.about_id == about)
    rows = await reader.all(found.order_by(table.c.id.desc()).limit(most).offset(skip))
    return [Deed(**row) for row in rows]


async def last(reader: Reader, what: str, details: str) -> Deed | None:
    """Return the last deed of a kind with these details."""
    found = _DEEDS.where(table.c.what == what, table.c.details == details)
    row = await reader.first(found.order_by(table.c.id.desc()).limit(1))
    return None if row is None else Deed(**row)


async def forget(tx: Transaction, now: datetime) -> None:
    """Forget what was done long ago."""
    await tx.run(delete(table).where(table.c.happened_at < now - KEPT))
