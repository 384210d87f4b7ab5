"""Somebody is no longer with the company, or no longer an admin: their rights end at once.

Messages that wait for the person are not sent, their surveys close and their links stop working. A
customer's answers and a manager's figures stay.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update

from storage.answering import invitation_batches
from storage.asking import ledger
from storage.asking.ledger import Line
from storage.cases import changing as cases
from storage.engine.reading import Reader, Transaction
from storage.errors import LastAdmin
from storage.people import people, web_sessions
from storage.people.lists import imports
from storage.tables.delivery import outbox
from storage.tables.errands import schedules
from storage.tables.people import links
from storage.tables.people import people as persons
from storage.tables.surveys import invitations
from surveys.campaign.eligibility import Reason

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Ended:
    """How many surveys closed, and how many messages that waited are not sent."""

    surveys: int = 0
    messages: int = 0


async def leave(tx: Transaction, ids: Sequence[int], now: datetime) -> Ended:
    """End everything these people had; what has ended before stays as it is. Raises LastAdmin."""
    await _require_another_admin(tx, ids)
    surveys = messages = 0
    for start in range(0, len(ids), _CHUNK):
        some = ids[start : start + _CHUNK]
        admins = [one for one in await people.admins(tx) if one.id in some]
        await people.leave_all(tx, some, now)
        surveys += await _close(tx, some, now)
        messages += await _unsay(tx, outbox.c.person_id.in_(some), now)
        mine = links.c.person_id.in_(some) & links.c.revoked_at.is_(None)
        await tx.run(update(links).where(mine).values(revoked_at=now))
        await web_sessions.end_of(tx, some, now)
        await _end_admins_work(tx, some, now)
        await cases.release(tx, some, now)
        for one in admins:
            await people.show_commands(tx, one.id, now)
    return Ended(surveys, messages)


async def _close(tx: Transaction, ids: Collection[int], now: datetime) -> int:
    """Close open surveys; take back unsent invitations, with the reason in the ledger."""
    theirs = invitations.c.person_id.in_(ids) & invitations.c.closed_at.is_(None)
    unsent = theirs & (invitations.c.state == "queued")
    columns = (invitations.c.id, invitations.c.wave_id, invitations.c.person_id)
    for row in await tx.all(select(*columns).where(unsent)):
        await ledger.record(tx, row["wave_id"], [Line(row["person_id"], Reason.LEFT)], now)
    taken_back = {"state": "cancelled", "current_question": None, "closed_at": now}
    count = await tx.run(update(invitations).where(unsent).values(taken_back))
    delivered = await tx.scalars(select(invitations.c.id).where(theirs))
    return count + len(await invitation_batches.close(tx, delivered, now))


async def _unsay(tx: Transaction, which: ColumnElement[bool], now: datetime) -> int:
    waiting = which & outbox.c.state.in_(("queued", "held"))
    cancelled = {"state": "cancelled", "settled_at": now}
    return await tx.run(update(outbox).where(waiting).values(cancelled))


async def _end_admins_work(tx: Transaction, ids: Collection[int], now: datetime) -> None:
    scheduled = schedules.c.person_id.in_(ids)
    await tx.run(update(schedules).where(scheduled).values(next_due_at=None))
    await imports.end_of(tx, ids, now)


async def withdraw(tx: Transaction, person_id: int, now: datetime) -> None:
    """Take an admin's rights back: whoever has another role keeps it, anybody else leaves.

    What only admins get is not sent any more: the outbox asks again. Raises LastAdmin.
    """
    await _require_another_admin(tx, [person_id])
    await people.no_admin(tx, person_id)
    await people.show_commands(tx, person_id, now)
    if not (await people.get(tx, person_id)).is_staff:
        await leave(tx, [person_id], now)
        return
    await _end_admins_work(tx, [person_id], now)
    await cases.release(tx, [person_id], now)


async def _require_another_admin(reader: Reader, ids: Collection[int]) -> None:
    admins = {one.id for one in await people.admins(reader)}
    if admins and admins <= set(ids):
        raise LastAdmin


async def hand_over(tx: Transaction, manager_id: int, to: int, now: datetime) -> int:
    """Give a manager's customers and cases to another; earlier answers stay about the first."""
    await cases.hand_over(tx, manager_id, to, now)
    theirs = persons.c.is_customer & (persons.c.manager_id == manager_id)
    return await tx.run(update(persons).where(theirs).values(manager_id=to))


async def unattended(reader: Reader, manager_id: int | None = None) -> int:
    """Count the customers whose manager has left, or those of one manager."""
    customers = persons.c.is_customer & persons.c.left_at.is_(None) & ~persons.c.is_past
    manager = persons.alias("manager")
    theirs = manager.c.left_at.is_not(None) if manager_id is None else manager.c.id == manager_id
    counted = select(func.count()).select_from(
        persons.join(manager, manager.c.id == persons.c.manager_id)
    )
    count: int = await reader.scalar(counted.where(customers, theirs))
    return count
