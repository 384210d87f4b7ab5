"""Work that was asked for: one row each, made at least once by the job of its kind.

Whoever makes an errand takes it first, so that nobody makes it a second time. One that was taken
and not finished is free again at the next start, or after an hour.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, Literal

from sqlalchemy import (
    ColumnElement,
    Executable,
    RowMapping,
    Select,
    bindparam,
    delete,
    func,
    or_,
    select,
    true,
    update,
)

from storage.engine.columns import Moment
from storage.engine.earliest import Due, earliest
from storage.engine.reading import Reader, Transaction, insert_into
from storage.engine.statements import brief
from storage.tables.errands import errands as table

ErrandResult = Literal["done", "skipped", "failed"]

LEASE: Final = timedelta(hours=1)
"""How long an errand belongs to whoever took it."""
REMEMBERED: Final = timedelta(days=90)
"""How long a finished errand is kept, unless it is a schedule's slot."""
_WAITING: Final = table.c.finished_at.is_(None)


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to make: for a person, or (None) for the company; `slot` where it is scheduled."""

    id: int
    kind: str
    person_id: int | None
    parameters: Mapping[str, Any]
    slot: datetime | None
    asked_at: datetime
    due_at: datetime
    attempts: int
    schedule_id: int | None = None


async def ask(
    tx: Transaction,
    kind: str,
    person_id: int | None,
    now: datetime,
    parameters: Mapping[str, Any] | None = None,
    *,
    once: bool = False,
    due_at: datetime | None = None,
) -> None:
    """Ask for something, at once or later; `once`: unless the same already waits."""
    given = json.dumps(parameters or {}, ensure_ascii=False, sort_keys=True)
    values = {"kind": kind, "person_id": person_id, "parameters": given}
    key = f"{kind}:{person_id}:{given}" if once else None
    await add(tx, {**values, "key": key, "asked_at": now, "due_at": due_at or now})


async def add(tx: Transaction, values: Mapping[str, Any]) -> int | None:
    """Put an errand; None: one with its key waits already, or its slot was used before."""
    made: int | None = await tx.scalar(_added(tx.dialect), values)
    return made


@cache
def _added(dialect: str) -> Executable:
    unless_there = insert_into(table, dialect).on_conflict_do_nothing()
    return brief(unless_there.returning(table.c.id))


async def due(reader: Reader, now: datetime) -> Sequence[Errand]:
    """Return the errands that are due and taken by nobody, the oldest first."""
    rows = await reader.all(_errands().where(_WAITING, table.c.due_at <= now, _free(now)))
    return [_errand(row) for row in rows]


async def of_kind(reader: Reader, kind: str) -> Sequence[Errand]:
    """Return the errands of a kind that are not finished, the oldest first."""
    return [_errand(row) for row in await reader.all(_errands().where(_WAITING, _is(kind)))]


async def take(tx: Transaction, errand: Errand, now: datetime) -> bool:
    """Take an errand as it was seen; False where somebody else took or finished it."""
    taken = {"started_at": now, "attempts": errand.attempts + 1}
    return bool(await tx.run(update(table).where(_seen(errand.id, errand.attempts)).values(taken)))


async def finish(
    tx: Transaction, errand_id: int, result: ErrandResult, now: datetime, details: object = None
) -> None:
    """Note what became of an errand; `details` become JSON."""
    noted = None if details is None else json.dumps(details, ensure_ascii=False)
    values = {"result": result, "finished_at": now, "details": noted}
    await tx.run(update(table).where(table.c.id == errand_id, _WAITING).values(values))


async def put_off(tx: Transaction, errand_id: int, until: datetime) -> None:
    """Let an errand be taken again, from then on."""
    values = {"started_at": None, "due_at": until}
    await tx.run(update(table).where(table.c.id == errand_id, _WAITING).values(values))


async def begin_again(tx: Transaction, now: datetime) -> int:
    """Free what was taken, and bring forward what failed or was asked for by a clock ahead.

    It is called at a start, when the last process has ended, and when the clock has gone back.
    Returns how many errands were brought forward.
    """
    taken = _WAITING & table.c.started_at.is_not(None)
    await tx.run(update(table).where(taken).values(started_at=None))
    tried = _WAITING & (table.c.attempts > 0) & (table.c.due_at > now)
    count = await tx.run(update(table).where(tried).values(due_at=now))
    early = _WAITING & (table.c.asked_at > now)
    for row in await tx.all(select(table.c.id, table.c.asked_at, table.c.due_at).where(early)):
        wait = max(row["due_at"] - row["asked_at"], timedelta())
        meant = {"asked_at": now, "due_at": now + wait}
        count += await tx.run(update(table).where(table.c.id == row["id"]).values(meant))
    return count


async def forget(tx: Transaction, now: datetime) -> None:
    """Forget what was finished long ago; a schedule's slot is kept, so that it is made once."""
    old = (table.c.finished_at < now - REMEMBERED) & table.c.slot.is_(None)
    await tx.run(delete(table).where(old))


async def latest(reader: Reader, kind: str) -> tuple[datetime, Any] | None:
    """Return when the latest of a kind was done, with its details."""
    done = _is(kind) & (table.c.result == "done")
    found = select(table.c.finished_at, table.c.details).where(done)
    row = await reader.first(found.order_by(table.c.id.desc()).limit(1))
    return None if row is None else (row["finished_at"], json.loads(row["details"] or "null"))


async def details_since(reader: Reader, kind: str, since: datetime) -> dict[int, Any]:
    """Return number → details of the errands of a kind that were finished since."""
    noted = _is(kind) & (table.c.finished_at >= since) & table.c.details.is_not(None)
    rows = await reader.all(select(table.c.id, table.c.details).where(noted).order_by(table.c.id))
    return {row["id"]: json.loads(row["details"]) for row in rows}


async def details_before(reader: Reader, errand: Errand) -> Mapping[str, Any] | None:
    """Return the details of what a schedule had made last before this errand, None where none."""
    earlier = (table.c.schedule_id == errand.schedule_id) & (table.c.id < errand.id)
    found = select(table.c.details).where(earlier, table.c.details.is_not(None))
    noted = await reader.scalar(found.order_by(table.c.id.desc()).limit(1))
    read: Mapping[str, Any] | None = None if noted is None else json.loads(noted)
    return read


async def failing(reader: Reader) -> Sequence[Errand]:
    """Return errands that wait after more than one try and that nobody is making."""
    again = (table.c.attempts > 1) & table.c.started_at.is_(None)
    return [_errand(row) for row in await reader.all(_errands().where(_WAITING, again))]


async def numbers(reader: Reader, kind: str, finished_since: datetime) -> set[int]:
    """Return the numbers of errands of a kind that wait or were finished since."""
    recent = or_(_WAITING, table.c.finished_at >= finished_since)
    return set(await reader.scalars(select(table.c.id).where(_is(kind), recent)))


_FIRST_FREE = select(func.min(table.c.due_at)).where(_WAITING, table.c.started_at.is_(None))
_FIRST_TAKEN = select(func.min(table.c.started_at)).where(_WAITING)


async def next_due(reader: Reader, *, without: Collection[str] = ()) -> datetime | None:
    """Return when the next errand is due, of any kind but those."""
    return await earliest(reader, dues(frozenset(without)))


@cache
def dues(without: frozenset[str] = frozenset()) -> Sequence[Due]:
    """Return the queries of the next errand of any kind but those."""
    others = table.c.kind.not_in(sorted(without)) if without else true()
    return (Due(_FIRST_FREE.where(others)), Due(_FIRST_TAKEN.where(others), LEASE))


DUE = select(func.count()).where(_WAITING, table.c.due_at <= bindparam("now", type_=Moment))


async def count_due(reader: Reader, now: datetime) -> int:
    """Count what is to be made by now, or is being made."""
    number: int = await reader.scalar(DUE, {"now": now})
    return number


def _is(kind: str) -> ColumnElement[bool]:
    return table.c.kind == kind


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(table.c.started_at.is_(None), table.c.started_at <= now - LEASE)


def _seen(errand_id: int, attempts: int) -> ColumnElement[bool]:
    return (table.c.id == errand_id) & (table.c.attempts == attempts) & _WAITING


def _errands() -> Select[Any]:
    columns = [table.c[name] for name in Errand.__dataclass_fields__]
    return select(*columns).order_by(table.c.id)


def _errand(row: RowMapping) -> Errand:
    return Errand(**{**row, "parameters": json.loads(row["parameters"])})
