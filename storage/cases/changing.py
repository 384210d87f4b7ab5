"""What is done about a case. Each change holds only for the case as it was seen.

When two change it at once, one wins and the other is told. Every change is in the history.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from storage.cases.cases import Case, record
from storage.engine.columns import kept_or
from storage.engine.reading import Transaction
from storage.tables.cases import cases as table
from storage.tables.people import people
from surveys.cases import CaseOutcome, EventKind

_UNRESOLVED = table.c.state != "resolved"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line for the history."""

    kind: EventKind
    by: int | None
    now: datetime
    details: str | None = None


async def take(tx: Transaction, case: Case, by: int, now: datetime) -> bool:
    """Take a case as it was seen: free, or in another's hands. False: it has changed since."""
    as_seen = (table.c.state == case.state) & table.c.assignee_id.is_not_distinct_from(
        case.assignee_id
    )
    values = {"state": "taken", "assignee_id": by, **_answered(now)}
    return await _change(tx, case, as_seen & _UNRESOLVED, values, _Entry("taken", by, now))


async def note(tx: Transaction, case: Case, by: int, words: str, now: datetime) -> bool:
    """Add a note; it may follow a case that is resolved."""
    return await _change(tx, case, None, _answered(now), _Entry("note", by, now, words))


async def reply(
    tx: Transaction,
    case: Case,
    by: int,
    words: str,
    now: datetime,
    file: tuple[str, str] | None = None,
) -> int:
    """Keep what was sent to the customer; return the number of its line in the history.

    `file` is a file's kind and the name that the channel has for it.
    """
    await tx.run(update(table).where(table.c.id == case.id).values(_answered(now)))
    return await record(tx, case.id, "replied", by, now, words, file)


async def call_at(tx: Transaction, case: Case, by: int, moment: datetime, now: datetime) -> bool:
    """Promise a call: the case is taken, and due at that moment. False: it is resolved."""
    values = {
        "state": "taken",
        "assignee_id": by,
        "call_at": moment,
        "due_at": moment,
        "nagged_at": None,
        "escalated_at": None,
        **_answered(now),
    }
    event = _Entry("call_at", by, now, moment.isoformat())
    return await _change(tx, case, _UNRESOLVED, values, event)


async def resolve(
    tx: Transaction, case: Case, by: int, outcome: CaseOutcome, now: datetime
) -> bool:
    """End a case with its outcome. False: it is resolved already."""
    values = {"state": "resolved", "resolved_at": now, "outcome": outcome, **_answered(now)}
    return await _change(tx, case, _UNRESOLVED, values, _Entry("resolved", by, now, outcome))


async def reopen(tx: Transaction, case: Case, by: int, due_at: datetime, now: datetime) -> bool:
    """Open a resolved case again, for whoever does so. False: it is open."""
    values = {
        "state": "taken",
        "assignee_id": by,
        "resolved_at": None,
        "outcome": None,
        "call_at": None,
        "due_at": due_at,
        "nagged_at": None,
        "escalated_at": None,
    }
    resolved = table.c.state == "resolved"
    return await _change(tx, case, resolved, values, _Entry("reopened", by, now))


async def accuse(
    tx: Transaction, case: Case, about_id: int, assignee_id: int | None, now: datetime
) -> None:
    """Note that a case is about a manager, and give it to somebody else where it was theirs."""
    values: dict[str, Any] = {"about_id": about_id}
    if assignee_id == case.assignee_id:
        await tx.run(update(table).where(table.c.id == case.id).values(values))
        return
    values |= {"assignee_id": assignee_id}
    if case.state == "taken":
        values["state"] = "open"
    await _change(tx, case, None, values, _Entry("assigned", assignee_id, now))


async def hand_over(tx: Transaction, manager_id: int, to: int, now: datetime) -> None:
    """Give somebody the unresolved cases of these customers that their manager or nobody has."""
    theirs = select(people.c.id).where(people.c.manager_id == manager_id)
    free = table.c.assignee_id.is_(None) & table.c.about_id.is_(None)
    which = free | (table.c.assignee_id == manager_id)
    await _assign(tx, which & table.c.person_id.in_(theirs), to, now)


async def release(tx: Transaction, ids: Collection[int], now: datetime) -> None:
    """Take unresolved cases from these people and give them to the admins, to be taken again."""
    await _assign(tx, table.c.assignee_id.in_(ids), None, now)


async def _assign(
    tx: Transaction, which: ColumnElement[bool], to: int | None, now: datetime
) -> None:
    numbers = await tx.scalars(select(table.c.id).where(which, _UNRESOLVED))
    for number in numbers:
        values = {"assignee_id": to, "state": "open"}
        await tx.run(update(table).where(table.c.id == number).values(values))
        await record(tx, number, "assigned", to, now)


async def told_when_due(tx: Transaction, case: Case, kind: EventKind, now: datetime) -> bool:
    """Note that somebody was reminded of a case, or that it went further up: once each."""
    column = table.c.nagged_at if kind == "nagged" else table.c.escalated_at
    which = _UNRESOLVED & column.is_(None) & (table.c.due_at <= now)
    return await _change(tx, case, which, {column.name: now}, _Entry(kind, None, now))


def _answered(now: datetime) -> dict[str, Any]:
    """Return the values that note when anybody first acted on a case."""
    return {"first_response_at": kept_or(table.c.first_response_at, now)}


async def _change(
    tx: Transaction,
    case: Case,
    which: ColumnElement[bool] | None,
    values: dict[str, Any],
    event: _Entry,
) -> bool:
    holds = table.c.id == case.id
    if which is not None:
        holds &= which
    if not await tx.run(update(table).where(holds).values(values)):
        return False
    await record(tx, case.id, event.kind, event.by, event.now, event.details)
    return True
