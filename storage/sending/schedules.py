"""What is asked for again and again: each slot becomes an errand, once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, Select, Text, bindparam, cast, delete, func, select, update

from storage.engine.columns import Moment
from storage.engine.earliest import Due, earliest
from storage.engine.reading import Reader, Transaction
from storage.sending import errands
from storage.tables.errands import errands as asked
from storage.tables.errands import schedules as table
from surveys.campaign.schedule import next_by
from surveys.periods import zone_info

_FIRST = "first"
"""Among a changed schedule's parameters: the day from which its rule counts."""
_TOO_EARLY = timedelta(days=1)
"""An errand that was asked for so much later than now was made while the clock was ahead."""


@dataclass(frozen=True, slots=True)
class ScheduleRule:
    """How often, at which hour of a zone.

    `frequency` is a `Rhythm`, or an RFC 5545 rule that counts from the day `first`.
    """

    frequency: str
    hour: int
    zone: str
    first: date = field(default=date(2026, 1, 1), compare=False)

    def next(self, after: datetime) -> datetime | None:
        """Return the next slot strictly after a moment, None where the rule has ended."""
        return next_by(self.frequency, self.first, self.hour, self.zone, after)


@dataclass(frozen=True, slots=True)
class Schedule:
    """What is made by a rule, for a person or (None) for the company; `next_due_at` is a slot.

    `by_slot`: each errand is known by its slot, and of several missed the latest is made; else one
    errand stands for all. `parameters` is what each errand is given as well; its `scope` tells
    schedules of one person and rule apart.
    """

    id: int
    key: str
    kind: str
    person_id: int | None
    rule: ScheduleRule
    by_slot: bool
    next_due_at: datetime
    parameters: Mapping[str, Any]


async def plan(
    tx: Transaction,
    kind: str,
    person_id: int | None,
    rule: ScheduleRule,
    next_due_at: datetime | None,
    now: datetime,
    *,
    by_slot: bool = True,
) -> None:
    """Begin a schedule, or change the hour and zone of that kind's, frequency's, of no scope."""
    planned = {
        "hour": rule.hour,
        "zone": rule.zone,
        "by_slot": by_slot,
        "next_due_at": next_due_at,
    }
    key = _key(kind, person_id, rule.frequency, {})
    known = select(*(table.c[name] for name in planned)).where(table.c.key == key)
    row = await tx.first(known)
    if row is not None and dict(row) == planned:
        return  # nothing is written: the disk may be full at the start
    values = {**planned, "created_at": now}
    before = await tx.scalar(select(table.c.parameters).where(table.c.key == key))
    if before is not None:
        values["parameters"] = _written(_without_first(json.loads(before)))
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


async def stop(tx: Transaction, schedule_id: int, person_id: int) -> bool:
    """End a schedule of this person's; False: there is none with that number."""
    mine = (table.c.id == schedule_id) & (table.c.person_id == person_id)
    return bool(await tx.run(update(table).where(mine).values(next_due_at=None)))


async def resume(tx: Transaction, schedule_id: int, person_id: int, now: datetime) -> bool:
    """Let a schedule that was ended go on; False: none, or another of the same goes on."""
    mine = (table.c.id == schedule_id) & (table.c.person_id == person_id)
    row = await tx.first(_all().where(mine))
    return row is not None and await change(tx, _schedule(row), now)


async def change(tx: Transaction, one: Schedule, now: datetime) -> bool:
    """Keep a schedule as it is given, from its next slot on; False: another of the same goes on.

    Its rule counts from the day from which it counted before: every second Tuesday stays that one.
    """
    key = _key(one.kind, one.person_id, one.rule.frequency, one.parameters)
    same = (table.c.key == key) & (table.c.id != one.id)
    if await tx.scalar(select(table.c.id).where(same, table.c.next_due_at.is_not(None))):
        return False
    aside = table.c.key + "#" + cast(table.c.id, Text)
    await tx.run(update(table).where(same).values(key=aside))
    values = {
        "key": key,
        "frequency": one.rule.frequency,
        "hour": one.rule.hour,
        "zone": one.rule.zone,
        "parameters": _written({**one.parameters, _FIRST: one.rule.first.isoformat()}),
        "next_due_at": one.rule.next(now),
        "created_at": now,
    }
    return bool(await tx.run(update(table).where(table.c.id == one.id).values(values)))


async def of(reader: Reader, kind: str, person_id: int | None) -> Sequence[Schedule]:
    """Return a person's schedules of a kind, or the company's."""
    which = (table.c.kind == kind) & table.c.person_id.is_not_distinct_from(person_id)
    rows = await reader.all(_schedules().where(which).order_by(table.c.id))
    return [_schedule(row) for row in rows]


async def by_id(reader: Reader, schedule_id: int, person_id: int) -> Schedule | None:
    """Return a schedule of this person's that has not ended."""
    mine = (table.c.id == schedule_id) & (table.c.person_id == person_id)
    row = await reader.first(_schedules().where(mine))
    return None if row is None else _schedule(row)


async def planned_after(reader: Reader, moment: datetime) -> Sequence[Schedule]:
    """Return the schedules whose next slot is later."""
    rows = await reader.all(_schedules().where(table.c.next_due_at > moment))
    return [_schedule(row) for row in rows]


async def claim_due(tx: Transaction, now: datetime) -> None:
    """Make an errand of what has come, and move each schedule to its next slot.

    If several slots were missed, only the latest is made. Slots before a schedule's beginning are
    passed over: a clock that was behind may go back to them.
    """
    for row in await tx.all(_schedules().where(table.c.next_due_at <= now)):
        one, since = _schedule(row), row["created_at"]
        slot: datetime | None = one.next_due_at
        latest = None
        while slot is not None and slot <= now:
            if not (one.by_slot and slot < since <= now):
                latest = slot
            slot = one.rule.next(slot if one.by_slot else now)
        if await _advance(tx, one.id, one.next_due_at, slot) and latest is not None:
            await _fire(tx, one, latest, now)


async def bring_back(tx: Transaction, late: Schedule, slot: datetime, now: datetime) -> None:
    """Let a slot be the next again, and forget what is still to be made of slots yet to come.

    What was made is kept: perhaps the clock was not ahead, but is behind now.
    """
    if await _advance(tx, late.id, late.next_due_at, slot):
        of_later = (asked.c.schedule_id == late.id) & (asked.c.slot > now)
        await tx.run(delete(asked).where(of_later & asked.c.finished_at.is_(None)))


DUES = (Due(select(func.min(table.c.next_due_at))),)


async def next_due(reader: Reader) -> datetime | None:
    """Return the next slot of all schedules."""
    return await earliest(reader, DUES)


DUE = select(func.count()).where(table.c.next_due_at <= bindparam("now", type_=Moment))


async def count_due(reader: Reader, now: datetime) -> int:
    """Count the schedules whose slot has come."""
    number: int = await reader.scalar(DUE, {"now": now})
    return number


async def _advance(tx: Transaction, schedule_id: int, seen: datetime, to: datetime | None) -> bool:
    as_seen = (table.c.id == schedule_id) & (table.c.next_due_at == seen)
    return bool(await tx.run(update(table).where(as_seen).values(next_due_at=to)))


async def _fire(tx: Transaction, one: Schedule, slot: datetime, now: datetime) -> None:
    """Ask for a slot's errand, once; one that a clock far ahead has asked for does not count."""
    of_slot = (asked.c.schedule_id == one.id) & (asked.c.slot == slot)
    await tx.run(delete(asked).where(of_slot & (asked.c.asked_at > now + _TOO_EARLY)))
    rule = {"frequency": one.rule.frequency, "zone": one.rule.zone, **one.parameters}
    values = {
        "kind": one.kind,
        "person_id": one.person_id,
        "parameters": json.dumps(rule, sort_keys=True),
        "schedule_id": one.id,
        "slot": slot if one.by_slot else None,
        "key": None if one.by_slot else one.key,
        "asked_at": now,
        "due_at": now,
    }
    await errands.add(tx, values)


def _schedules() -> Select[Any]:
    """Select the schedules that have not ended."""
    return _all().where(table.c.next_due_at.is_not(None))


def _all() -> Select[Any]:
    columns = ("id", "key", "kind", "person_id", "by_slot", "next_due_at", "parameters")
    rule = ("frequency", "hour", "zone", "created_at")
    return select(*(table.c[name] for name in (*columns, *rule)))


def _schedule(row: RowMapping) -> Schedule:
    parameters = json.loads(row["parameters"])
    return Schedule(
        row["id"],
        row["key"],
        row["kind"],
        row["person_id"],
        _rule(row, parameters.get(_FIRST)),
        row["by_slot"],
        row["next_due_at"],
        _without_first(parameters),
    )


def _rule(row: RowMapping, kept: str | None) -> ScheduleRule:
    created = row["created_at"].astimezone(zone_info(row["zone"])).date()
    first = created if kept is None else date.fromisoformat(kept)
    return ScheduleRule(row["frequency"], row["hour"], row["zone"], first)


def _without_first(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in parameters.items() if name != _FIRST}


def _written(parameters: Mapping[str, Any]) -> str:
    return json.dumps(parameters, ensure_ascii=False, sort_keys=True)


def _key(kind: str, person_id: int | None, frequency: str, parameters: Mapping[str, Any]) -> str:
    key = f"{kind}:{person_id or ''}:{frequency}"
    scope = parameters.get("scope")
    return f"{key}:{_written(scope)}" if scope else key
