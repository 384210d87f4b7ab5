"""How long each kind of data is kept: a table of kinds, and the daily step that ages them.

`KINDS` is the one list; `AGED_BY` says of every table that holds people's data by which kind it
ages, or why it needs none, and a test finds a table that stands on neither. What is aged leaves
all figures, as what is erased does: docs/decisions.md says why no totals stay behind.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, tuple_

from storage.engine.reading import Reader, Transaction
from storage.people.erasing import ERASED
from storage.tables.imports import link_conflicts
from storage.tables.people import people as persons
from storage.tables.privacy import consents
from storage.tables.privacy import retention as table
from storage.tables.surveys import (
    ASKED_BY_US,
    answers,
    decisions,
    invitations,
    questions,
    remarks,
    waves,
)

Age = Callable[[Transaction, datetime, int], Awaitable[int]]
"""Deletes at most so many things from before a moment; returns how many there were."""


@dataclass(frozen=True, slots=True)
class RetentionKind:
    """A kind of data: days it is usually kept (None: for good), the fewest allowed, what ages it.

    `age` is None where people go as a whole, which is the caller's work: see `over`.
    """

    usual: int | None
    least: int
    age: Age | None


async def _surveys(tx: Transaction, before: datetime, most: int) -> int:
    """Delete invitations that closed before, with all that hangs on them.

    They were made before as well, of which there is an index.
    """
    closed = (invitations.c.created_at < before) & (invitations.c.closes_at < before)
    return await _delete_surveys(tx, closed & ASKED_BY_US, most)


async def _past(tx: Transaction, before: datetime, most: int) -> int:
    """Delete answers from before the bot: whoever brought them in wanted them, however old."""
    closed = (invitations.c.closes_at < before) & invitations.c.import_key.is_not(None)
    return await _delete_surveys(tx, closed, most)


async def _withdrawn(tx: Transaction, before: datetime, most: int) -> int:
    """Delete what people had said who withdrew their consent before, and not given it again."""
    withdrew = exists().where(
        consents.c.person_id == persons.c.id,
        consents.c.kind == "withdrawn",
        consents.c.said_at < before,
    )
    gone = select(persons.c.id).where(persons.c.declined_at < before, withdrew)
    return await _delete_surveys(tx, invitations.c.person_id.in_(gone), most)


async def _delete_surveys(tx: Transaction, which: ColumnElement[bool], most: int) -> int:
    chosen = select(invitations.c.id).where(which).limit(most)
    ids = await tx.scalars(chosen)
    if not ids:
        return 0
    for column, owner in ERASED:
        if owner is invitations:
            await tx.run(delete(column.table).where(column.in_(ids)))
        elif owner.name in _BESIDE_SURVEYS:
            theirs = [one for one, of in ERASED if one.table is owner and of is invitations]
            own = select(owner.c.id).where(or_(*(one.in_(ids) for one in theirs)))
            await tx.run(delete(column.table).where(column.in_(own)))
    await tx.run(delete(invitations).where(invitations.c.id.in_(ids)))
    return len(ids)


_BESIDE_SURVEYS: Final = {column.table.name for column, owner in ERASED if owner is invitations} & {
    owner.name for _, owner in ERASED
}
"""Tables of an invitation's that own rows themselves, such as cases with their history."""


async def _words(tx: Transaction, before: datetime, most: int) -> int:
    """Delete what was said in people's own words; the numbers that they gave stay."""
    free = select(questions.c.id).where(questions.c.kind == "text")
    typed = select(answers.c.id).where(
        answers.c.question_id.in_(free), answers.c.answered_at < before
    )
    spoken = select(remarks.c.id).where(remarks.c.said_at < before)
    count = 0
    for rows, chosen in ((answers, typed), (remarks, spoken)):
        ids = await tx.scalars(chosen.limit(most))
        if ids:
            count += await tx.run(delete(rows).where(rows.c.id.in_(ids)))
    return count


async def _ledger(tx: Transaction, before: datetime, most: int) -> int:
    """Delete decisions from before: only waves that began before have any."""
    row = decisions.c.wave_id, decisions.c.person_id
    begun = select(waves.c.id).where(waves.c.started_at < before)
    old = decisions.c.wave_id.in_(begun) & (decisions.c.decided_at < before)
    chosen = select(*row).where(old).limit(most)
    return await tx.run(delete(decisions).where(tuple_(*row).in_(chosen)))


async def _conflicts(tx: Transaction, before: datetime, _most: int) -> int:
    await tx.run(delete(link_conflicts).where(link_conflicts.c.settled_at < before))
    return 0


_YEAR = 365
KINDS: Final[Mapping[str, RetentionKind]] = {
    "answers": RetentionKind(3 * _YEAR, 400, _surveys),
    "past": RetentionKind(None, 400, _past),
    "words": RetentionKind(None, 90, _words),
    "withdrawn": RetentionKind(30, 1, _withdrawn),
    "people": RetentionKind(3 * _YEAR, 30, None),
    "ledger": RetentionKind(2 * _YEAR, 400, _ledger),
    "conflicts": RetentionKind(90, 1, _conflicts),
}
"""Answers and the ledger stay for 13 months at least: a digest looks back as far."""

AGED_BY: Final[Mapping[str, str]] = {
    "answers": "answers",
    "remarks": "answers",
    "cases": "answers",
    "case_events": "answers",
    "invitations": "answers",
    "decisions": "ledger",
    "link_conflicts": "conflicts",
    "people": "people",
    "addresses": "people",
    "accounts": "people",
    "consents": "people",
    "events": "people",
    "firings": "people",
    "links": "people",
    "wishes": "people",
    "audit": "people",
    "boards": "people",
    "drafts": "people",
    "outbox": "words go 30 days after a message was sent; the rest with its survey or person",
    "inbox": "handled at once; what was put aside goes after 90 days",
    "import_rows": "go when the list is taken or left",
    "phone_buttons": "go when the person is known; no name stands in them",
    "link_failures": "go after two days",
    "web_sessions": "go once a day when nobody can use them any more: they last an hour",
}
"""Table with people's data → the kind by which it ages, or why it needs none."""


async def chosen(reader: Reader) -> Mapping[str, int | None]:
    """Return how many days each kind is kept; None: for good."""
    rows = await reader.all(select(table))
    usual: dict[str, int | None] = {name: kind.usual for name, kind in KINDS.items()}
    return usual | {row["kind"]: row["days"] for row in rows if row["kind"] in KINDS}


async def choose(tx: Transaction, kind: str, days: int | None, now: datetime) -> None:
    """Keep a kind for so many days from now on; None: for good. Raises KeyError, ValueError."""
    if days is not None and days < KINDS[kind].least:
        raise ValueError(days)
    values = {"days": days, "changed_at": now}
    statement = tx.insert(table).values(kind=kind, **values)
    await tx.run(statement.on_conflict_do_update(index_elements=["kind"], set_=values))


async def age(tx: Transaction, kind: str, days: int, now: datetime, most: int) -> int:
    """Delete what is older than that of a kind, at most so much at once; 0: nothing is left."""
    aged = KINDS[kind].age
    return 0 if aged is None else await aged(tx, now - timedelta(days=days), most)


async def over(reader: Reader, days: int, now: datetime, most: int) -> Sequence[int]:
    """Return customers to be erased: they left, or came without a list, and were not asked since.

    People on the company's list stay: the list is the company's, not a survey's.
    """
    before = now - timedelta(days=days)
    asked = exists().where(
        invitations.c.person_id == persons.c.id, invitations.c.closes_at >= before
    )
    left = persons.c.left_at < before
    unlisted = and_(
        persons.c.external_id.is_(None),
        persons.c.is_past.is_(other=False),
        persons.c.created_at < before,
        or_(persons.c.consented_at.is_(None), persons.c.consented_at < before),
    )
    which = persons.c.is_customer & or_(left, unlisted) & ~asked
    found = select(persons.c.id).where(which).order_by(persons.c.id).limit(most)
    return await reader.scalars(found)
