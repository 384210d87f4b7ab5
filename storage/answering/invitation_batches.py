"""Many invitations in a few statements: made, reminded, closed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, select, update

from storage.answering.invitations import SNAPSHOT, UNFINISHED, Invitation, invitation_rows
from storage.asking.campaigns import Wave
from storage.engine.reading import Reader, Transaction
from storage.tables.people import people
from storage.tables.surveys import invitations as table
from storage.tables.surveys import questions


async def create(
    tx: Transaction,
    wave: Wave,
    definition_id: int,
    touchpoint: str,
    remind_at: Mapping[int, datetime | None],
    now: datetime,
    *,
    manager_id: int | None = None,
) -> Mapping[int, int]:
    """Invite people (person → the moment of their reminder); return person → invitation.

    Each keeps what `SNAPSHOT` names as it is now; `manager_id`: whom it is about, where that is not
    each one's own manager. The first question is the current one. Who is in the wave already keeps
    the invitation they have.
    """
    first = select(questions.c.key).where(
        questions.c.definition_id == definition_id, questions.c.position == 0
    )
    same = {
        "wave_id": wave.id,
        "definition_id": definition_id,
        "touchpoint": touchpoint,
        "state": "queued",
        "current_question": await tx.scalar(first),
        "created_at": now,
        "closes_at": wave.closes_at,
        **({} if manager_id is None else {"manager_id": manager_id}),
    }
    known = await tx.all(
        select(people.c.id.label("person_id"), *SNAPSHOT).where(people.c.id.in_(remind_at))
    )
    rows = [{**row, "remind_at": remind_at[row["person_id"]], **same} for row in known]
    if rows:
        once = tx.insert(table).on_conflict_do_nothing(index_elements=["wave_id", "person_id"])
        await tx.run(once, rows)
    made = select(table.c.person_id, table.c.id).where(
        table.c.wave_id == wave.id, table.c.person_id.in_(remind_at)
    )
    return {row["person_id"]: row["id"] for row in await tx.all(made)}


async def reminded(tx: Transaction, ids: Collection[int], now: datetime) -> None:
    """Note that the one reminder of each is on its way."""
    await tx.run(update(table).where(table.c.id.in_(ids)).values(reminded_at=now))


async def over(reader: Reader, now: datetime, limit: int | None = None) -> Sequence[int]:
    """Return the surveys to be closed: their time is over."""
    due = table.c.closed_at.is_(None) & (table.c.closes_at <= now)
    found = select(table.c.id).where(due).order_by(table.c.closes_at).limit(limit)
    return list(await reader.scalars(found))


async def close(tx: Transaction, ids: Collection[int], now: datetime) -> Sequence[Invitation]:
    """Close surveys; return those that nobody had finished, as expired."""
    those = table.c.id.in_(ids)
    unfinished = table.c.state.in_(UNFINISHED)
    lost = list(await tx.scalars(select(table.c.id).where(those, unfinished)))
    values: dict[str, Any] = {
        "closed_at": now,
        "current_question": None,
        "state": case((unfinished, "expired"), else_=table.c.state),
    }
    await tx.run(update(table).where(those).values(values))
    rows = await tx.all(invitation_rows().where(table.c.id.in_(lost)).order_by(table.c.id))
    return [Invitation(**row) for row in rows]
