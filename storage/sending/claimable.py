"""Which messages may be sent now: the conditions under which the outbox hands one out."""

import json
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Executable,
    RowMapping,
    Select,
    Text,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)

from storage.copies import restores
from storage.engine.columns import Moment
from storage.engine.listed import listed_in
from storage.engine.reading import Reader, Transaction
from storage.engine.statements import brief
from storage.people.addresses import Address
from storage.tables.delivery import outbox as table
from storage.tables.people import people

Allowed = Callable[[Reader, str, int, int | None], Awaitable[bool]]
"""Whether somebody may still do the action that a message needs, with the customer it is about."""
_MOMENT = bindparam("moment", type_=Moment())


def released() -> ColumnElement[bool]:
    """Choose what may go out at all: after a restore, nothing to customers until the release."""
    return or_(table.c.audience == "staff", ~restores.is_held())


def _elsewhere(dialect: str) -> ColumnElement[bool]:
    """Choose messages to none of the addresses in `without`; see `listed`."""
    without = listed_in(bindparam("without", type_=Text), dialect)
    return (table.c.channel + " " + table.c.address).not_in(select(without.c.value))


def listed(addresses: Collection[Address]) -> str:
    """Return the addresses as the value of `without`."""
    return json.dumps([f"{one.channel} {one.address}" for one in addresses])


def _free(dialect: str) -> ColumnElement[bool]:
    return and_(table.c.state == "queued", released(), _elsewhere(dialect))


def _left() -> ColumnElement[bool]:
    return exists().where(people.c.id == table.c.person_id, people.c.left_at.is_not(None))


@cache
def lapsed(dialect: str) -> Executable:
    """Return the query of what was claimed before a moment and is not settled."""
    sending = select(table.c.id).where(
        table.c.state == "sending", _elsewhere(dialect), table.c.claimed_at <= _MOMENT
    )
    return brief(sending)


async def due(
    tx: Transaction, now: datetime, most: int, without: Collection[Address]
) -> Sequence[RowMapping]:
    """Return what is due, the most urgent first; `left`: its reader has left.

    Each priority is asked for by itself: the next of it stand in an index in their order, while all
    of a long queue would be sorted to find the next of any.
    """
    found: list[RowMapping] = []
    for priority in await tx.scalars(_PRIORITIES):
        wanted = {"priority": priority, "moment": now, "most": most - len(found)}
        found += await tx.all(claimable(tx.dialect), wanted | {"without": listed(without)})
        if len(found) == most:
            break
    return found


def _each_priority() -> CTE:
    """Find each priority by the last; after them comes None."""
    queued = table.c.state == "queued"
    least = func.min(table.c.priority)
    found = select(least.label("priority")).where(queued).cte("found", recursive=True)
    greater = select(least).where(queued, table.c.priority > found.c.priority).scalar_subquery()
    return found.union_all(select(greater).where(found.c.priority.is_not(None)))


def queued_priorities() -> Select[int]:
    """Return the query of the priorities that are queued, each found in the index by the last."""
    found = _each_priority()
    return select(found.c.priority).where(found.c.priority.is_not(None))


_PRIORITIES = brief(queued_priorities())


@cache
def claimable(dialect: str) -> Executable:
    """Return the query of what is due of one priority."""
    return (
        select(table, _left().label("left"))
        .where(
            _free(dialect),
            table.c.priority == bindparam("priority"),
            table.c.due_at <= _MOMENT,
        )
        .order_by(table.c.due_at, table.c.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
    )


@cache
def first_due(dialect: str) -> Select[Any]:
    """Return the query of when the first queued message is due: the least of each priority's."""
    found = _each_priority()
    of_it = _free(dialect) & (table.c.priority == found.c.priority)
    first = select(table.c.due_at).where(of_it).order_by(table.c.due_at).limit(1)
    return select(func.min(first.scalar_subquery(), type_=Moment())).select_from(found)


async def is_withdrawn(tx: Transaction, row: RowMapping, allowed: Allowed) -> bool:
    """Tell whether its reader may no longer get a message: they left, or lost the right to it."""
    action, person_id = row["for_action"], row["person_id"]
    if row["left"] or action is None:
        return bool(row["left"])
    return person_id is None or not await allowed(tx, action, person_id, row["about_id"])
