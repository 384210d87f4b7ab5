"""Accounts that came for a person who has one, or that are somebody else: an admin decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import and_, func, select, update

from storage.engine.reading import Reader, Transaction
from storage.errors import AccountTaken, NotFound
from storage.people import people
from storage.people.people import Person
from storage.tables.imports import link_conflicts as table
from storage.tables.people import people as persons
from surveys.messages import Message

Kind = Literal["taken", "other_person", "staff", "shared_phone"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """`person` is whose link or number it was, `owner` who that Telegram account is already."""

    id: int
    kind: Kind
    person_id: int | None
    person: str | None
    owner: str | None
    telegram_id: int
    happened_at: datetime


async def note(
    tx: Transaction,
    kind: Kind,
    telegram_id: int,
    now: datetime,
    person_id: int | None = None,
    account_of: int | None = None,
) -> None:
    """Keep a conflict, once as long as nobody has decided."""
    same = and_(
        table.c.kind == kind,
        table.c.telegram_id == telegram_id,
        table.c.person_id.is_not_distinct_from(person_id),
        table.c.settled_at.is_(None),
    )
    if await tx.scalar(select(func.count()).select_from(table).where(same)):
        return
    values = {"kind": kind, "telegram_id": telegram_id, "happened_at": now}
    owners = {"person_id": person_id, "account_of": account_of}
    await tx.run(tx.insert(table).values(**values, **owners))


async def pending(reader: Reader) -> Sequence[Conflict]:
    """Return the conflicts that nobody has decided, the newest first."""
    owner = persons.alias("owner")
    joined = table.outerjoin(persons, persons.c.id == table.c.person_id).outerjoin(
        owner, owner.c.id == table.c.account_of
    )
    columns = (
        table.c.id,
        table.c.kind,
        table.c.person_id,
        persons.c.name.label("person"),
        owner.c.name.label("owner"),
        table.c.telegram_id,
        table.c.happened_at,
    )
    open_ones = select(*columns).select_from(joined).where(table.c.settled_at.is_(None))
    rows = await reader.all(open_ones.order_by(table.c.id.desc()))
    return [Conflict(**row) for row in rows]


async def count(reader: Reader) -> int:
    """Count the conflicts that nobody has decided."""
    open_ones = select(func.count()).select_from(table).where(table.c.settled_at.is_(None))
    number: int = await reader.scalar(open_ones)
    return number


async def settle(tx: Transaction, conflict_id: int, now: datetime) -> bool:
    """Leave everything as it is; False where it is decided already."""
    open_one = (table.c.id == conflict_id) & table.c.settled_at.is_(None)
    return bool(await tx.run(update(table).where(open_one).values(settled_at=now)))


async def move(tx: Transaction, conflict_id: int, now: datetime) -> Person:
    """Give a person the account that came for them; they have to agree anew.

    Raises NotFound (decided already, or nothing to move), AccountTaken.
    """
    rows = [one for one in await pending(tx) if one.id == conflict_id]
    if not rows or rows[0].kind != "taken" or rows[0].person_id is None:
        raise NotFound(what=Message("conflict"), key=str(conflict_id))
    one = rows[0]
    owner = await people.by_telegram(tx, one.telegram_id)
    if owner is not None and owner.id != one.person_id:
        raise AccountTaken(owner.id)
    person_id = rows[0].person_id
    await people.change(
        tx,
        person_id,
        telegram_id=one.telegram_id,
        consented_at=None,
        consent_version=None,
        unreachable_at=None,
    )
    await settle(tx, conflict_id, now)
    return await people.get(tx, person_id)
