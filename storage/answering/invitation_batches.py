"""Many invitations in a few statements: made, reminded, closed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Executable,
    bindparam,
    case,
    func,
    literal,
    select,
    update,
)

from storage.answering.invitations import SNAPSHOT, UNFINISHED, Invitation, invitation_rows
from storage.asking.campaigns import Wave
from storage.engine.columns import given
from storage.engine.given_rows import as_given, in_their_order, rows_given
from storage.engine.reading import Reader, Transaction, insert_into
from storage.engine.statements import made_once
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
) -> None:
    """Invite people (person → the moment of their reminder).

    Each keeps what `SNAPSHOT` names as it is now; `manager_id`: whom the answers are about, where
    that is not each person's own manager. The first question is the current one. People who are in
    the wave already keep the invitation they have.
    """
    if not remind_at:
        return
    same = {
        "wave": wave.id,
        "definition": definition_id,
        "touchpoint": touchpoint,
        "moment": now,
        "closes": wave.closes_at,
        "manager": manager_id,
        "asked": as_given(remind_at.items(), tx.dialect),
    }
    tx.later(_invited(tx.dialect), same)


@cache
def _invited(dialect: str) -> Executable:
    """Return the statement that invites people; the database itself copies their snapshots."""
    rows, (person_id, remind_at) = rows_given("asked", (people.c.id, table.c.remind_at), dialect)
    first = select(questions.c.key).where(
        questions.c.definition_id == bindparam("definition"), questions.c.position == 0
    )
    own, *others = SNAPSHOT
    values = {
        table.c.wave_id: given("wave", table.c.wave_id),
        table.c.person_id: people.c.id,
        table.c.definition_id: given("definition", table.c.definition_id),
        table.c.touchpoint: given("touchpoint", table.c.touchpoint),
        table.c.manager_id: func.coalesce(given("manager", table.c.manager_id), own.element),
        **{table.c[one.name]: one for one in others},
        table.c.state: literal("queued", table.c.state.type),
        table.c.current_question: first.scalar_subquery(),
        table.c.created_at: given("moment", table.c.created_at),
        table.c.closes_at: given("closes", table.c.closes_at),
        table.c.remind_at: remind_at,
    }
    found = in_their_order(select(*values.values()), rows, people)
    these = found.where(people.c.id == person_id)
    made = insert_into(table, dialect).from_select(list(values), these)
    return made_once(made.on_conflict_do_nothing(index_elements=["wave_id", "person_id"]))


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
