"""Files with people that admins sent to the bot, from the upload to the end."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, func, select, update

from storage.engine.earliest import Due, earliest
from storage.engine.reading import Reader, Transaction
from storage.people.lists.list_rows import drop
from storage.tables.imports import OPEN, WORK
from storage.tables.imports import imports as table

ImportState = Literal[
    "waiting", "asking", "ready", "confirmed", "done", "refused", "failed", "cancelled"
]
"""The states from the upload on: to be read, asking for columns, to be confirmed, to be taken,
done."""
KEPT = timedelta(days=1)
"""How long an unconfirmed list waits."""


@dataclass(frozen=True, slots=True)
class Import:
    """One file: `options` say how to read it, `found` what was found; both are JSON objects."""

    id: int
    person_id: int
    file_id: str
    file_name: str
    state: ImportState
    options: dict[str, Any]
    found: dict[str, Any]
    message_id: int | None
    created_at: datetime
    changed_at: datetime


async def create(
    tx: Transaction, person_id: int, file_id: str, file_name: str, now: datetime
) -> Import:
    """Note a file to be read; the same admin's earlier unconfirmed one is dropped."""
    older = (table.c.person_id == person_id) & table.c.state.in_(OPEN)
    for import_id in await tx.scalars(select(table.c.id).where(older)):
        await end(tx, import_id, "cancelled", now)
    values = {"person_id": person_id, "file_id": file_id, "file_name": file_name}
    statement = tx.insert(table).values(**values, state="waiting", created_at=now, changed_at=now)
    return await get(tx, await tx.scalar(statement.returning(table.c.id)))


async def get(reader: Reader, import_id: int) -> Import:
    """Return an import that is known to exist."""
    found = await _many(reader, table.c.id == import_id)
    if not found:
        raise LookupError(import_id)
    return found[0]


async def of_person(reader: Reader, import_id: int, person_id: int) -> Import | None:
    """Return an import of this admin, or None."""
    found = await _many(reader, table.c.id == import_id, table.c.person_id == person_id)
    return found[0] if found else None


async def to_do(reader: Reader) -> Sequence[Import]:
    """Return the files to be read or taken, the oldest first."""
    return await _many(reader, table.c.state.in_(WORK))


async def stale(reader: Reader, now: datetime) -> Sequence[Import]:
    """Return the files that nobody confirmed for too long."""
    return await _many(reader, table.c.state.in_(OPEN), table.c.changed_at <= now - KEPT)


async def change(
    tx: Transaction,
    import_id: int,
    now: datetime,
    *,
    state: ImportState | None = None,
    options: dict[str, Any] | None = None,
    found: dict[str, Any] | None = None,
    when: Collection[ImportState] | None = None,
) -> bool:
    """Set the given values if the state is one of `when`; False where it no longer is."""
    values: dict[str, Any] = {"changed_at": now}
    values |= {} if state is None else {"state": state}
    values |= {} if options is None else {"options": _json(options)}
    values |= {} if found is None else {"found": _json(found)}
    these = table.c.id == import_id
    if when is not None:
        these &= table.c.state.in_(when)
    return bool(await tx.run(update(table).where(these).values(values)))


async def set_message(tx: Transaction, import_id: int, message_id: int) -> None:
    """Note the message in which the import stands."""
    await tx.run(update(table).where(table.c.id == import_id).values(message_id=message_id))


async def end(tx: Transaction, import_id: int, state: ImportState, now: datetime) -> None:
    """Note how an import ended, and forget its rows."""
    await drop(tx, import_id)
    await change(tx, import_id, now, state=state)


async def end_of(tx: Transaction, persons: Collection[int], now: datetime) -> None:
    """End the lists of people who are admins no more."""
    theirs = table.c.person_id.in_(persons) & table.c.state.in_({*OPEN, *WORK})
    for import_id in await tx.scalars(select(table.c.id).where(theirs)):
        await end(tx, import_id, "cancelled", now)


DUE = select(func.count()).where(table.c.state.in_(WORK))
_FIRST_DUE = select(func.min(table.c.changed_at)).where(table.c.state.in_(WORK))
_FIRST_WAITING = select(func.min(table.c.changed_at)).where(table.c.state.in_(OPEN))
DUES = (Due(_FIRST_DUE), Due(_FIRST_WAITING, KEPT))


async def next_due(reader: Reader) -> datetime | None:
    """Return when a file is to be read, taken, or dropped as stale."""
    return await earliest(reader, DUES)


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


async def _many(reader: Reader, *conditions: ColumnElement[bool]) -> Sequence[Import]:
    rows = await reader.all(select(table).where(*conditions).order_by(table.c.id))
    return [
        Import(
            **{
                **row,
                "options": json.loads(row["options"]),
                "found": json.loads(row["found"]),
            }
        )
        for row in rows
    ]
