"""Addresses that would clash with a person's own or another person's: an admin decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import and_, func, select, update

from storage.engine.reading import Reader, Transaction
from storage.errors import NotFound
from storage.people import addresses, people
from storage.people.addresses import Address
from storage.people.link_errors import AccountTaken
from storage.people.people import Person
from storage.tables.imports import link_conflicts as table
from storage.tables.people import people as persons
from surveys.messages import Message

ConflictKind = Literal["taken", "other_person", "staff", "shared_phone"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A conflict: `person` owns the link or the number, `owner` already has that address."""

    id: int
    kind: ConflictKind
    person_id: int | None
    person: str | None
    owner: str | None
    address: Address
    happened_at: datetime


async def note(
    tx: Transaction,
    kind: ConflictKind,
    address: Address,
    now: datetime,
    person_id: int | None = None,
    account_of: int | None = None,
) -> None:
    """Keep a conflict, once as long as nobody has decided."""
    same = and_(
        table.c.kind == kind,
        table.c.channel == address.channel,
        table.c.address == address.address,
        table.c.person_id.is_not_distinct_from(person_id),
        table.c.settled_at.is_(None),
    )
    if await tx.scalar(select(func.count()).select_from(table).where(same)):
        return
    values = {"kind": kind, **address._asdict(), "happened_at": now}
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
        table.c.channel,
        table.c.address,
        table.c.happened_at,
    )
    open_ones = select(*columns).select_from(joined).where(table.c.settled_at.is_(None))
    rows = await reader.all(open_ones.order_by(table.c.id.desc()))
    return [_conflict(dict(row)) for row in rows]


def _conflict(row: dict[str, Any]) -> Conflict:
    address = Address(row.pop("channel"), row.pop("address"))
    return Conflict(**row, address=address)


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
    """Give a person the address of the conflict; they have to agree anew.

    Raises NotFound (decided already, or nothing to move), AccountTaken.
    """
    rows = [one for one in await pending(tx) if one.id == conflict_id]
    if not rows or rows[0].kind != "taken" or rows[0].person_id is None:
        raise NotFound(what=Message("conflict"), key=str(conflict_id))
    one = rows[0]
    owner = await people.by_address(tx, one.address)
    if owner is not None and owner.id != one.person_id:
        raise AccountTaken(owner.id)
    person_id = rows[0].person_id
    await addresses.unbind(tx, person_id, one.address.channel)
    await addresses.bind(tx, person_id, one.address)
    anew = {"consented_at": None, "consent_version": None, "unreachable_at": None}
    await people.change(tx, person_id, **anew)
    await settle(tx, conflict_id, now)
    return await people.get(tx, person_id)
