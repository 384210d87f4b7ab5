"""Everything of a customer is erased in one transaction; only a number of erasures stays.

`ERASED` is the one list of rows that belong to a person, and `STAYS` says of every other reference
why it holds nothing of a customer. A test finds what stands on neither. Anonymous answers know no
person: they cannot be found, and therefore stay.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Table,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from storage.engine.reading import Reader, Transaction
from storage.people.lists import imports
from storage.sending import pruning
from storage.sending.pruning import SETTLED
from storage.tables.audit import audit
from storage.tables.cases import case_events, cases
from storage.tables.delivery import inbox, outbox
from storage.tables.errands import errands
from storage.tables.events import boards, drafts, events, firings
from storage.tables.imports import OPEN, WORK, import_rows, link_conflicts
from storage.tables.imports import imports as lists
from storage.tables.people import accounts, addresses, link_failures, links, phone_buttons, wishes
from storage.tables.people import people as persons
from storage.tables.privacy import consents, erasures
from storage.tables.sessions import web_sessions
from storage.tables.surveys import answers, decisions, invitations, remarks

ERASED: Final[Sequence[tuple[Column[Any], Table]]] = (
    (answers.c.invitation_id, invitations),
    (remarks.c.invitation_id, invitations),
    (remarks.c.person_id, persons),
    (outbox.c.invitation_id, invitations),
    (outbox.c.person_id, persons),
    (outbox.c.about_id, persons),
    (case_events.c.case_id, cases),
    (audit.c.about_id, persons),
    (cases.c.invitation_id, invitations),
    (cases.c.asked_id, invitations),
    (cases.c.person_id, persons),
    (firings.c.event_id, events),
    (events.c.person_id, persons),
    (decisions.c.person_id, persons),
    (invitations.c.person_id, persons),
    (boards.c.person_id, persons),
    (drafts.c.person_id, persons),
    (wishes.c.person_id, persons),
    (consents.c.person_id, persons),
    (links.c.person_id, persons),
    (web_sessions.c.person_id, persons),
    (link_conflicts.c.person_id, persons),
    (link_conflicts.c.account_of, persons),
    (import_rows.c.person_id, persons),
)
"""Columns by which rows belong to a person or to what is theirs, children before parents."""

AT_ADDRESS: Final[Sequence[Table]] = (
    inbox,
    outbox,
    link_conflicts,
    link_failures,
    phone_buttons,
    addresses,
)
"""Tables whose rows belong to whoever is at their channel and address; `addresses` is the last."""

STAYS: Final[Mapping[str, str]] = {
    "audit.person_id": "one of the staff",
    "campaigns.created_by": "an admin",
    "case_events.person_id": "one of the staff; the case itself is erased",
    "cases.about_id": "a manager",
    "cases.assignee_id": "one of the staff",
    "errands.person_id": "an admin who asked for something",
    "events.manager_id": "the manager of a deal; a customer's own events are erased",
    "experts.invited_by": "an admin",
    "experts.person_id": "one of the staff, or an expert from outside",
    "facts.person_id": "an admin who told a company's figure",
    "groups.person_id": "an admin who linked a group",
    "import_rows.manager_id": "a manager",
    "imports.person_id": "an admin who sent a list",
    "invitations.manager_id": "the manager of that time",
    "people.manager_id": "a customer's manager",
    "schedules.person_id": "an admin",
    "weights.adopted_by": "an admin",
}
"""References to people that are never a customer's, and whose they are."""

_SHORTEST_QUOTE = 3
UNSENT: Final = ("queued", "held", "unknown")


@dataclass(frozen=True, slots=True)
class Erased:
    """How much there was of somebody."""

    answers: int
    remarks: int


async def counted(reader: Reader, person_id: int) -> Erased:
    """Count what would be erased of a person."""
    theirs = select(func.count()).select_from(answers.join(invitations))
    said = select(func.count()).where(remarks.c.person_id == person_id)
    return Erased(
        await reader.scalar(theirs.where(invitations.c.person_id == person_id)),
        await reader.scalar(said),
    )


async def erase(tx: Transaction, person_id: int, now: datetime) -> Erased | None:
    """Erase all rows of a customer; None where nobody has this number, or one of the staff.

    Words that quote the person elsewhere, and files, are `erase_quotes`' and the caller's work.
    """
    row = await tx.first(select(persons).where(persons.c.id == person_id, persons.c.is_customer))
    if row is None:
        return None
    found = await counted(tx, person_id)
    words = await _words(tx, person_id, dict(row))
    await _end_lists(tx, person_id, row["external_id"], words, now)
    await unsay(tx, words)
    here = addresses.c.person_id == person_id
    theirs = [
        (one["channel"], one["address"])
        for one in await tx.all(select(addresses.c.channel, addresses.c.address).where(here))
    ]
    for column, owner in ERASED:
        await tx.run(delete(column.table).where(belongs(column, owner, person_id)))
    for table in AT_ADDRESS:
        at = tuple_(table.c.channel, table.c.address).in_(theirs)
        await tx.run(delete(table).where(at))
    await tx.run(delete(persons).where(persons.c.id == person_id))
    await _drop_company(tx, row["account_id"])
    values = {"erased_at": now, "answers": found.answers, "remarks": found.remarks}
    await tx.run(insert(erasures).values(values))
    return found


def belongs(column: Column[Any], owner: Table, person_id: int) -> ColumnElement[bool]:
    """Return the condition that a row belongs to the person or to something of theirs."""
    if owner is persons:
        return column == person_id
    return column.in_(select(owner.c.id).where(owner.c.person_id == person_id))


async def _drop_company(tx: Transaction, account_id: int | None) -> None:
    """Drop the name of a company that nobody else belongs to."""
    if account_id is None:
        return
    used = or_(
        select(persons.c.id).where(persons.c.account_id == account_id).exists(),
        select(invitations.c.id).where(invitations.c.account_id == account_id).exists(),
    )
    await tx.run(delete(accounts).where(accounts.c.id == account_id, ~used))


async def _end_lists(
    tx: Transaction, person_id: int, external_id: str | None, words: Collection[str], now: datetime
) -> None:
    """End lists on their way in that hold the person, and forget what was found in any list."""
    named = and_(import_rows.c.is_customer, import_rows.c.external_id == external_id)
    theirs = or_(import_rows.c.person_id == person_id, named)
    waiting = lists.c.state.in_((*OPEN, *WORK))
    holding = set(await tx.scalars(select(import_rows.c.import_id).where(theirs)))
    for one in await tx.all(select(lists.c.id, lists.c.found).where(waiting)):
        if one["id"] in holding or _quotes(one["found"], words):
            await imports.end(tx, one["id"], "cancelled", now)
    await tx.run(delete(import_rows).where(theirs))
    ended = lists.c.state.not_in((*OPEN, *WORK))
    await tx.run(update(lists).where(ended).values(found="{}"))


async def _words(tx: Transaction, person_id: int, row: Mapping[str, Any]) -> set[str]:
    """Return what a message to the staff may quote of a person."""
    known = {row[name] for name in ("name", "phone", "email") if row[name]}
    said = select(remarks.c.text).where(remarks.c.person_id == person_id)
    known |= set(await tx.scalars(said))
    given = select(answers.c.value).select_from(answers.join(invitations))
    for value in await tx.scalars(given.where(invitations.c.person_id == person_id)):
        answer = json.loads(value)
        known |= {answer} if isinstance(answer, str) else set()
    return {one for one in known if len(one) >= _SHORTEST_QUOTE}


async def unsay(tx: Transaction, words: Collection[str]) -> None:
    """Send no message to the staff that still waits and quotes any of these words."""
    waits = (outbox.c.audience == "staff") & outbox.c.state.not_in(SETTLED)
    rows = await tx.all(select(outbox.c.id, outbox.c.content).where(waits))
    quoting = [row["id"] for row in rows if _quotes(row["content"], words)]
    await tx.run(delete(outbox).where(outbox.c.id.in_(quoting)))


def _quotes(content: str, words: Collection[str]) -> bool:
    """Tell whether a JSON text holds any of these, as they are or as markup has them."""
    written = {form for one in words for form in (one, escape(one, quote=False))}
    return any(json.dumps(one, ensure_ascii=False)[1:-1] in content for one in written)


async def erase_quotes(tx: Transaction, now: datetime) -> None:
    """Empty what the staff was told, and have files made anew that still wait to be sent.

    A digest and an alert quote customers, and nothing says whom.
    """
    staff = outbox.c.audience == "staff"
    told = staff & outbox.c.state.in_(SETTLED) & (outbox.c.content != "{}")
    await pruning.empty(tx, told)
    waits = staff & outbox.c.file_path.is_not(None) & outbox.c.state.in_(UNSENT)
    for row in await tx.all(select(outbox.c.id, outbox.c.key).where(waits)):
        kind, number = _errand(row["key"])
        if number is None:
            continue
        made = (errands.c.id == number) & (errands.c.kind == kind)
        unmade = dict.fromkeys(("finished_at", "result", "started_at", "key", "details"))
        again = {**unmade, "due_at": now}
        await tx.run(update(errands).where(made).values(again))
        await tx.run(delete(outbox).where(outbox.c.id == row["id"]))


async def files_kept(reader: Reader) -> set[int]:
    """Return the numbers of errands whose files must stay: they are being made or sent."""
    unfinished = select(errands.c.id).where(errands.c.finished_at.is_(None))
    waits = outbox.c.state.not_in(SETTLED) & outbox.c.file_path.is_not(None)
    keys = await reader.scalars(select(outbox.c.key).where(waits))
    sending = {number for _, number in map(_errand, keys) if number is not None}
    return sending | set(await reader.scalars(unfinished))


def _errand(key: str) -> tuple[str, int | None]:
    """Return the kind and number of the errand that a message's key begins with."""
    kind, number, *_ = [*key.split(":"), ""]
    return kind, int(number) if number.isdecimal() else None


async def present(reader: Reader, person_ids: Collection[int]) -> Sequence[int]:
    """Return which of these customers there are."""
    return await reader.scalars(
        select(persons.c.id).where(persons.c.id.in_(person_ids), persons.c.is_customer)
    )


async def count(reader: Reader) -> int:
    """Count the people whose data was erased."""
    found: int = await reader.scalar(select(func.count()).select_from(erasures))
    return found
