"""Who gets the digest when, and the digests to be made: each slot once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Select, delete, func, select, update

from storage.engine.reading import Reader, Transaction
from storage.tables.delivery import digest_runs as runs
from storage.tables.delivery import digest_subscriptions as table
from surveys.campaign.schedule import Frequency

NextSlot = Callable[[Frequency, int, str, datetime], datetime]
"""`surveys.campaign.schedule.next_slot`: frequency, hour, zone, after → the next slot in UTC."""

_TOO_EARLY = timedelta(days=1)
"""A run that was asked for so much later than now was made while the clock was ahead."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A person's digest at an hour of a zone; `next_due_at` is the next slot."""

    id: int
    person_id: int
    frequency: Frequency
    hour: int
    zone: str
    next_due_at: datetime


@dataclass(frozen=True, slots=True)
class DigestRun:
    """A digest to make: of a subscription's slot, or of the period that was asked for."""

    id: int
    person_id: int
    state: str
    requested_at: datetime
    slot: datetime | None
    frequency: Frequency | None
    zone: str | None
    period_key: str | None


async def subscribe(
    tx: Transaction,
    person_id: int,
    frequency: Frequency,
    hour: int,
    zone: str,
    next_due_at: datetime,
    now: datetime,
) -> None:
    """Subscribe, or change the hour and zone of that frequency's subscription."""
    values = {"hour": hour, "zone": zone, "next_due_at": next_due_at, "created_at": now}
    statement = tx.insert(table).values(person_id=person_id, frequency=frequency, **values)
    await tx.run(
        statement.on_conflict_do_update(index_elements=["person_id", "frequency"], set_=values)
    )


async def unsubscribe(tx: Transaction, person_id: int, frequency: Frequency | None = None) -> None:
    """End one subscription, or all of a person."""
    mine = table.c.person_id == person_id
    which = mine if frequency is None else mine & (table.c.frequency == frequency)
    await tx.run(update(table).where(which).values(next_due_at=None))


async def subscriptions(reader: Reader, person_id: int) -> Sequence[Subscription]:
    """Return a person's subscriptions."""
    mine = (table.c.person_id == person_id) & table.c.next_due_at.is_not(None)
    rows = await reader.all(_subscriptions().where(mine).order_by(table.c.id))
    return [Subscription(**row) for row in rows]


async def claim_due(tx: Transaction, now: datetime, next_slot: NextSlot) -> Sequence[DigestRun]:
    """Make a run of every slot that has come, and move each subscription to its next.

    Slots missed while the program stood still are all made; who runs them may skip old ones. Those
    before the subscription, to which a clock that was behind went back, are passed over.
    """
    claimed = []
    due = _subscriptions().add_columns(table.c.created_at).where(table.c.next_due_at <= now)
    for row in await tx.all(due):
        values = dict(row)
        since = values.pop("created_at")
        subscription = Subscription(**values)
        slot = subscription.next_due_at
        while slot <= now:
            following = next_slot(
                subscription.frequency, subscription.hour, subscription.zone, slot
            )
            if not await _advance(tx, subscription.id, slot, following):
                break
            if not slot < since <= now:
                claimed.append(await _fire(tx, subscription, slot, now))
            slot = following
    return [await get(tx, run_id) for run_id in claimed if run_id is not None]


async def planned_after(reader: Reader, moment: datetime) -> Sequence[Subscription]:
    """Return the subscriptions whose next slot is later."""
    rows = await reader.all(_subscriptions().where(table.c.next_due_at > moment))
    return [Subscription(**row) for row in rows]


async def bring_back(tx: Transaction, late: Subscription, slot: datetime, now: datetime) -> None:
    """Let a slot be the next again, and forget what is still to be made of slots yet to come.

    What was made is kept: perhaps the clock was not ahead, but is behind now.
    """
    if await _advance(tx, late.id, late.next_due_at, slot):
        of_later = (runs.c.subscription_id == late.id) & (runs.c.slot > now)
        await tx.run(delete(runs).where(of_later & (runs.c.state == "pending")))


async def _advance(tx: Transaction, subscription_id: int, seen: datetime, to: datetime) -> bool:
    as_seen = (table.c.id == subscription_id) & (table.c.next_due_at == seen)
    return bool(await tx.run(update(table).where(as_seen).values(next_due_at=to)))


async def _fire(
    tx: Transaction, subscription: Subscription, slot: datetime, now: datetime
) -> int | None:
    """Make a slot's run, unless there is one; one that a clock far ahead made does not count."""
    of_slot = (runs.c.subscription_id == subscription.id) & (runs.c.slot == slot)
    await tx.run(delete(runs).where(of_slot & (runs.c.requested_at > now + _TOO_EARLY)))
    statement = tx.insert(runs).values(
        person_id=subscription.person_id,
        subscription_id=subscription.id,
        slot=slot,
        state="pending",
        requested_at=now,
    )
    once = statement.on_conflict_do_nothing(index_elements=["subscription_id", "slot"])
    run_id: int | None = await tx.scalar(once.returning(runs.c.id))
    return run_id


async def request(tx: Transaction, person_id: int, period_key: str, now: datetime) -> DigestRun:
    """Ask for a period's digest now."""
    statement = tx.insert(runs).values(
        person_id=person_id, period_key=period_key, state="pending", requested_at=now
    )
    return await get(tx, await tx.scalar(statement.returning(runs.c.id)))


async def get(reader: Reader, run_id: int) -> DigestRun:
    """Return a run that is known to exist."""
    row = await reader.first(_runs().where(runs.c.id == run_id))
    if row is None:
        raise LookupError(run_id)
    return DigestRun(**row)


async def pending(reader: Reader) -> Sequence[DigestRun]:
    """Return the digests still to be made, the oldest first."""
    waiting = _runs().where(runs.c.state == "pending").order_by(runs.c.id)
    return [DigestRun(**row) for row in await reader.all(waiting)]


async def finished(
    tx: Transaction, run_id: int, state: Literal["sent", "skipped", "failed"], now: datetime
) -> None:
    """Note what became of a run: handed to the outbox, left out (nothing came in), impossible."""
    await tx.run(update(runs).where(runs.c.id == run_id).values(state=state, finished_at=now))


async def keep(tx: Transaction, run_id: int, period_key: str, document: str) -> None:
    """Keep the document of a digest that is sent, as JSON, with its period."""
    kept = {"document_period": period_key, "document": document}
    await tx.run(update(runs).where(runs.c.id == run_id).values(kept))


async def kept(reader: Reader, period_key: str) -> str | None:
    """Return the document of the latest digest that was sent of a period, None where none was."""
    of_period = (runs.c.document_period == period_key) & (runs.c.state == "sent")
    found: str | None = await reader.scalar(
        select(runs.c.document).where(of_period).order_by(runs.c.id.desc()).limit(1)
    )
    return found


async def next_due(reader: Reader) -> datetime | None:
    """Return the next slot; a pending run is due since it was asked for."""
    slot = await reader.scalar(select(func.min(table.c.next_due_at)))
    asked = await reader.scalar(
        select(func.min(runs.c.requested_at)).where(runs.c.state == "pending")
    )
    return min((moment for moment in (slot, asked) if moment is not None), default=None)


async def count_due(reader: Reader, now: datetime) -> int:
    """Count the slots that have come and the runs not yet made."""
    slots: int = await reader.scalar(select(func.count()).where(table.c.next_due_at <= now))
    waiting: int = await reader.scalar(select(func.count()).where(runs.c.state == "pending"))
    return slots + waiting


def _subscriptions() -> Select[Any]:
    return select(*(table.c[name] for name in Subscription.__dataclass_fields__))


def _runs() -> Select[Any]:
    elsewhere = {"frequency", "zone"}
    own = [runs.c[name] for name in DigestRun.__dataclass_fields__ if name not in elsewhere]
    return select(*own, table.c.frequency, table.c.zone).select_from(runs.outerjoin(table))
