"""Cases as rows: opened once for an invitation, seen by whoever may see the customer.

A manager whom a case is about does not see it, unless there was nobody else to give it to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final, Literal

from sqlalchemy import ColumnElement, Executable, RowMapping, bindparam, func, insert, or_, select

from storage.engine.reading import Reader, Transaction, insert_into
from storage.engine.statements import brief
from storage.people.circles import Circle, within
from storage.tables.cases import case_events
from storage.tables.cases import cases as table
from storage.tables.people import people
from storage.tables.surveys import invitations
from surveys.cases import CaseOutcome, EventKind, Recovered, State

CaseFilter = Literal["open", "overdue", "done"]

_HOLDER = people.alias("holder")
_ACTOR = people.alias("actor")
_JOINED: Final = (
    table.join(people, people.c.id == table.c.person_id)
    .outerjoin(invitations, invitations.c.id == table.c.invitation_id)
    .outerjoin(_HOLDER, _HOLDER.c.id == table.c.assignee_id)
)


@dataclass(frozen=True, slots=True)
class Case:
    """A case with the names of the customer and of whoever has it (None: the admins).

    `score` is the answer to `question` that opened it, None where its words did. Without an
    invitation the customer wrote by themselves. `asked_id` is the invitation in which they were
    asked whether it was put right, `recovered` what they said.
    """

    id: int
    invitation_id: int | None
    person_id: int
    assignee_id: int | None
    about_id: int | None
    state: State
    question: str | None
    score: int | None
    opened_at: datetime
    due_at: datetime
    first_response_at: datetime | None
    call_at: datetime | None
    resolved_at: datetime | None
    outcome: CaseOutcome | None
    nagged_at: datetime | None
    escalated_at: datetime | None
    asked_id: int | None
    recovered: Recovered | None
    customer: str
    assignee: str | None


@dataclass(frozen=True, slots=True)
class New:
    """What is known of a case when it is opened."""

    invitation_id: int | None
    person_id: int
    assignee_id: int | None
    about_id: int | None
    question: str | None
    score: int | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """A line of the history; `by` is who did it, or was given the case; None: nobody was."""

    id: int
    kind: EventKind
    details: str | None
    by: str | None
    happened_at: datetime
    file_kind: str | None = None
    file_id: str | None = None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and at whose customers they may look."""

    person_id: int
    circle: Circle


_CASES: Final = select(
    *(one for one in table.c if one.name in Case.__dataclass_fields__),
    people.c.name.label("customer"),
    _HOLDER.c.name.label("assignee"),
).select_from(_JOINED)
_BY_ID: Final = brief(_CASES.where(table.c.id == bindparam("number")))
_OF_INVITATION: Final = brief(_CASES.where(table.c.invitation_id == bindparam("invitation")))
_RECORD: Final = brief(insert(case_events).returning(case_events.c.id))
_HISTORY: Final = brief(
    select(
        *(one for one in case_events.c if one.name in CaseEvent.__dataclass_fields__),
        _ACTOR.c.name.label("by"),
    )
    .select_from(case_events.outerjoin(_ACTOR, _ACTOR.c.id == case_events.c.person_id))
    .where(case_events.c.case_id == bindparam("number"))
    .order_by(case_events.c.id)
)


async def open_one(tx: Transaction, new: New, now: datetime) -> int | None:
    """Open a case; None: the invitation has one already."""
    values = {name: getattr(new, name) for name in New.__dataclass_fields__}
    opening = {**values, "state": "open", "opened_at": now}
    made: int | None = await tx.scalar(_opened(tx.dialect), opening)
    if made is not None:
        details = None if new.score is None else str(new.score)
        await record(tx, made, "opened", None, now, details)
    return made


@cache
def _opened(dialect: str) -> Executable:
    unless_there = insert_into(table, dialect).on_conflict_do_nothing()
    return brief(unless_there.returning(table.c.id))


async def record(
    tx: Transaction,
    case_id: int,
    kind: EventKind,
    by: int | None,
    now: datetime,
    details: str | None = None,
    file: tuple[str, str] | None = None,
) -> int:
    """Write a line of the history and return its number.

    `file` is a file's kind and the name that the channel has for it.
    """
    file_kind, file_id = file or (None, None)
    values = {"case_id": case_id, "kind": kind, "person_id": by, "details": details}
    values |= {"file_kind": file_kind, "file_id": file_id}
    number: int = await tx.scalar(_RECORD, values | {"happened_at": now})
    return number


async def get(reader: Reader, case_id: int) -> Case | None:
    """Return a case without asking who may see it; None where there is none."""
    return _case(await reader.first(_BY_ID, {"number": case_id}))


async def of_invitation(reader: Reader, invitation_id: int) -> Case | None:
    """Return the case of an invitation; None where there is none."""
    return _case(await reader.first(_OF_INVITATION, {"invitation": invitation_id}))


async def seen(reader: Reader, case_id: int, viewer: Viewer) -> Case | None:
    """Return a case that somebody may see; None where there is none for them."""
    return _case(await reader.first(_CASES.where(table.c.id == case_id, _visible(viewer))))


async def listed(
    reader: Reader, viewer: Viewer, which: CaseFilter, now: datetime, most: int, skip: int = 0
) -> Sequence[Case]:
    """Return cases that somebody may see: the first due come first, of resolved ones the latest."""
    order = table.c.resolved_at.desc() if which == "done" else table.c.due_at
    found = _CASES.where(_visible(viewer), _is(which, now)).order_by(order, table.c.id)
    rows = await reader.all(found.limit(most).offset(skip))
    return [Case(**row) for row in rows]


async def counts(reader: Reader, viewer: Viewer, now: datetime) -> dict[CaseFilter, int]:
    """Count the cases that somebody may see; those overdue are open too."""
    kinds: tuple[CaseFilter, ...] = ("open", "overdue", "done")
    counted = [func.count().filter(_is(which, now)).label(which) for which in kinds]
    row = await reader.first(select(*counted).select_from(_JOINED).where(_visible(viewer)))
    return dict.fromkeys(kinds, 0) if row is None else {which: row[which] for which in kinds}


async def history(reader: Reader, case_id: int) -> Sequence[CaseEvent]:
    """Return what happened to a case, in its order."""
    return [CaseEvent(**row) for row in await reader.all(_HISTORY, {"number": case_id})]


def _is(which: CaseFilter, now: datetime) -> ColumnElement[bool]:
    if which == "done":
        return table.c.state == "resolved"
    unresolved = table.c.state != "resolved"
    return unresolved & (table.c.due_at <= now) if which == "overdue" else unresolved


def _visible(viewer: Viewer) -> ColumnElement[bool]:
    me = viewer.person_id
    accused = or_(table.c.about_id == me, invitations.c.manager_id.is_not_distinct_from(me))
    kept_from = table.c.about_id.is_not(None) & accused
    mine = table.c.assignee_id.is_not_distinct_from(me)
    return within(viewer.circle) & or_(~kept_from, mine)


def _case(row: RowMapping | None) -> Case | None:
    return None if row is None else Case(**row)
