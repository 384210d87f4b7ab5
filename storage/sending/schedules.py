"""What is asked for again and again: each slot becomes an errand, once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, delete, func, select, update

from storage.engine.columns import Moment
from storage.engine.reading import Reader, Transaction
from storage.sending import errands
from storage.tables.errands import errands as asked
from storage.tables.errands import schedules as table
from surveys.campaign.schedule import Rhythm, next_slot

_TOO_EARLY = timedelta(days=1)
"""An errand that was asked for so much later than now was made while the clock was ahead."""


@dataclass(frozen=True, slots=True)
class ScheduleRule:
    """A rhythm at an hour of a zone."""

    frequency: Rhythm
    hour: int
    zone: str

    def next(self, after: datetime) -> datetime:
        """Return the next slot strictly after a moment."""
        return next_slot(self.frequency, self.hour, self.zone, after)


@dataclass(frozen=True, slots=True)
class Schedule:
    """What is made by a rule, for a person or (None) for the company; `next_due_at` is a slot.

    `every_slot`: each one missed is made up; else one errand stands for all of them.
    """

    id: int
    key: str
    kind: str
    person_id: int | None
    rule: ScheduleRule
    every_slot: bool
    next_due_at: datetime


async def plan(
    tx: Transaction,
    kind: str,
    person_id: int | None,
    rule: ScheduleRule,
    next_due_at: datetime,
    now: datetime,
    *,
    every_slot: bool = True,
) -> None:
    """Begin a schedule, or change the hour and zone of that kind's and frequency's."""
    planned = {
        "hour": rule.hour,
        "zone": rule.zone,
        "every_slot": every_slot,
        "next_due_at": next_due_at,
    }
    key = f"{kind}:{person_id or ''}:{rule.frequency}"
    known = select(*(table.c[name] for name in planned)).where(table.c.key == key)
    row = await tx.first(known)
    if row is not None and dict(row) == planned:
        return  # nothing is written: the disk may be full at the start
    values = {**planned, "created_at": now}
    statement = tx.insert(table).values(
        key=key, kind=kind, person_id=person_id, frequency=rule.frequency, **values
    )
    await tx.run(statement.on_conflict_do_update(index_elements=["key"], set_=values))


async def end(
    tx: Transaction, kind: str, person_id: int | None, frequency: str | None = None
) -> None:
    """End one schedule, or all of a kind."""
    which = (table.c.kind == kind) & table.c.person_id.is_not_distinct_from(person_id)
    if frequency is not None:
        which &= table.c.frequency == frequency
    await tx.run(update(table).where(which).values(next_due_at=None))


async def of(reader: Reader, kind: str, person_id: int | None) -> Sequence[Schedule]:
    """Return a person's schedules of a kind, or the company's."""
    which = (table.c.kind == kind) & table.c.person_id.is_not_distinct_from(person_id)
    rows = await reader.all(_schedules().where(which).order_by(table.c.id))
    return [_schedule(row) for row in rows]


async def planned_after(reader: Reader, moment: datetime) -> Sequence[Schedule]:
    """Return the schedules whose next slot is later."""
    rows = await reader.all(_schedules().where(table.c.next_due_at > moment))
    return [_schedule(row) for row in rows]


async def claim_due(tx: Transaction, now: datetime) -> None:
    """Make an errand of every slot that has come, and move each schedule to its next slot.

    Slots before a schedule's beginning are passed over: a clock that was behind may go back to
    them.
    """
    due = _schedules().add_columns(table.c.created_at).where(table.c.next_due_at <= now)
    for row in await tx.all(due):
        one, since = _schedule(row), row["created_at"]
        slot = one.next_due_at
        while slot <= now:
            following = one.rule.next(slot if one.every_slot else now)
            if not await _advance(tx, one.id, slot, following):
                break
            if not (one.every_slot and slot < since <= now):
                await _fire(tx, one, slot, now)
            slot = following


async def bring_back(tx: Transaction, late: Schedule, slot: datetime, now: datetime) -> None:
    """Let a slot be the next again, and forget what is still to be made of slots yet to come.

    What was made is kept: perhaps the clock was not ahead, but is behind now.
    """
    if await _advance(tx, late.id, late.next_due_at, slot):
        of_later = (asked.c.schedule_id == late.id) & (asked.c.slot > now)
        await tx.run(delete(asked).where(of_later & asked.c.finished_at.is_(None)))


_FIRST_DUE = select(func.min(table.c.next_due_at))


async def next_due(reader: Reader) -> datetime | None:
    """Return the next slot of all schedules."""
    moment: datetime | None = await reader.scalar(_FIRST_DUE)
    return moment


DUE = select(func.count()).where(table.c.next_due_at <= bindparam("now", type_=Moment))


async def count_due(reader: Reader, now: datetime) -> int:
    """Count the schedules whose slot has come."""
    number: int = await reader.scalar(DUE, {"now": now})
    return number


async def _advance(tx: Transaction, schedule_id: int, seen: datetime, to: datetime) -> bool:
    as_seen = (table.c.id == schedule_id) & (table.c.next_due_at == seen)
    return bool(await tx.run(update(table).where(as_seen).values(next_due_at=to)))


async def _fire(tx: Transaction, one: Schedule, slot: datetime, now: datetime) -> None:
    """Ask for a slot's errand, once; one that a clock far ahead has asked for does not count."""
    of_slot = (asked.c.schedule_id == one.id) & (asked.c.slot == slot)
    await tx.run(delete(asked).where(of_slot & (asked.c.asked_at > now + _TOO_EARLY)))
    rule = {"frequency": one.rule.frequency, "zone": one.rule.zone}
    values = {
        "kind": one.kind,
        "person_id": one.person_id,
        "parameters": json.dumps(rule, sort_keys=True),
        "schedule_id": one.id,
        "slot": slot if one.every_slot else None,
        "key": None if one.every_slot else one.key,
        "asked_at": now,
        "due_at": now,
    }
    await errands.add(tx, values)


def _schedules() -> Select[Any]:
    """Select the schedules that have not ended."""
    columns = ("id", "key", "kind", "person_id", "every_slot", "next_due_at")
    rule = ("frequency", "hour", "zone")
    chosen = [table.c[name] for name in (*columns, *rule)]
    return select(*chosen).where(table.c.next_due_at.is_not(None))


def _schedule(row: RowMapping) -> Schedule:
    return Schedule(
        row["id"],
        row["key"],
        row["kind"],
        row["person_id"],
        ScheduleRule(row["frequency"], row["hour"], row["zone"]),
        row["every_slot"],
        row["next_due_at"],
    )
