"""Updates from channels: kept before a channel is told that we have them, gone once handled.

Whoever has an anonymous survey open may be answering it, so what they send is sealed: the file's
log would hold it beside their name for longer than its handling takes.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Executable,
    RowMapping,
    Select,
    Text,
    bindparam,
    cast,
    delete,
    func,
    insert,
    select,
    true,
    tuple_,
    update,
)

from storage.engine.columns import Moment
from storage.engine.connection import Statement
from storage.engine.listed import as_json, listed_in, numbers, rows_in
from storage.engine.reading import Reader, Transaction, first, insert_into
from storage.engine.sealing import Keys
from storage.engine.statements import brief, quiet
from storage.errors import SealBroken
from storage.people.addresses import Address
from storage.tables.delivery import inbox as table
from storage.tables.delivery import seen_updates
from storage.tables.people import addresses
from storage.tables.surveys import definitions, invitations

REMEMBERED = timedelta(hours=48)
"""Telegram repeats an update for a day at most."""

_KEEP = brief(insert(table))
_TAKE = quiet(
    brief(
        delete(table)
        .where(table.c.update_id == bindparam("number"))
        .returning(table.c.payload, table.c.sealed)
    )
)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An update not yet handled; `sender` orders. Its contents are read when it is taken."""

    update_id: int
    sender: Address
    attempts: int
    not_before: datetime | None


@dataclass(frozen=True, slots=True)
class Parked:
    """An update that kept failing, and how."""

    update_id: int
    attempts: int
    error: str
    received_at: datetime
    parked_at: datetime


async def add(tx: Transaction, updates: Sequence[tuple[int, Address, str]], now: datetime) -> int:
    """Keep updates (id, sender, JSON) not seen before; return how many were new."""
    if not updates:
        return 0
    seen = {"numbers": as_json(update_id for update_id, _, _ in updates), "moment": now}
    new = set(await tx.scalars(_noting(tx.dialect), seen))
    anonymous = await _anonymous(tx, {sender for _, sender, _ in updates})
    rows = {
        update_id: {
            "update_id": update_id,
            **sender._asdict(),
            "payload": _sealed(tx.keys, payload) if sender in anonymous else payload,
            "sealed": sender in anonymous,
            "received_at": now,
        }
        for update_id, sender, payload in updates
        if update_id in new
    }
    if rows:
        kept = list(rows.values())
        # One that comes alone, as most do, is handed over without a visit.
        await (tx.many_alike(_KEEP, kept) if len(kept) > 1 else tx.run(_KEEP, kept[0]))
    return len(rows)


@cache
def _noting(dialect: str) -> Executable:
    """Return the statement that notes updates as seen and returns those that are new."""
    moment = bindparam("moment", type_=seen_updates.c.seen_at.type)
    # Without a condition SQLite would read ON CONFLICT as a join's.
    given = numbers("numbers", dialect).add_columns(moment).where(true())
    seen = insert_into(seen_updates, dialect).from_select(["update_id", "seen_at"], given)
    return brief(seen.on_conflict_do_nothing().returning(seen_updates.c.update_id))


_OF_SENDER = addresses.c.channel, addresses.c.address
_OPEN_ANONYMOUSLY = (
    select(invitations.c.id)
    .join(definitions, definitions.c.id == invitations.c.definition_id)
    .where(
        invitations.c.person_id == addresses.c.person_id,
        definitions.c.anonymous,
        invitations.c.closed_at.is_(None),
    )
)


@cache
def _asked_anonymously(dialect: str) -> Executable:
    """Return the query of those senders who have an anonymous survey open.

    EXISTS, since a join may begin with every open invitation there is; a list to join, since SQLite
    looks for two pairs in a list of values by reading every address.
    """
    senders, (channel, address) = rows_in("senders", _OF_SENDER, dialect)
    known = (addresses.c.channel == channel) & (addresses.c.address == address)
    asked = select(*_OF_SENDER).select_from(senders.join(addresses, known))
    return brief(asked.where(_OPEN_ANONYMOUSLY.exists()))


async def _anonymous(reader: Reader, senders: Collection[Address]) -> set[Address]:
    """Return who of the senders has an anonymous survey open, finished or not."""
    asked = _asked_anonymously(reader.dialect)
    rows = await reader.tuples(asked, {"senders": as_json(senders)})
    return {Address(*row) for row in rows}


async def seal_anew(tx: Transaction) -> None:
    """Seal what still waits under the present key, except what no key opens."""
    columns = (table.c.update_id, table.c.payload)
    for row in await tx.all(select(*columns).where(table.c.sealed)):
        of_row = table.c.update_id == row["update_id"]
        with suppress(SealBroken):
            payload = _sealed(tx.keys, _opened(tx.keys, row["payload"]))
            await tx.run(update(table).where(of_row).values(payload=payload))


async def sealed(reader: Reader, keys: Keys) -> tuple[int, int]:
    """Count the updates that wait sealed, and those of them that no key opens."""
    waiting = await reader.scalars(select(table.c.payload).where(table.c.sealed))
    return len(waiting), sum(not keys.opens(b64decode(payload)) for payload in waiting)


def _sealed(keys: Keys, payload: str) -> str:
    return b64encode(keys.seal(payload.encode())).decode()


def _opened(keys: Keys, payload: str) -> str:
    return keys.opened(b64decode(payload)).decode()


async def pending(
    reader: Reader,
    but: Collection[int] = (),
    but_of: Collection[Address] = (),
    of_each: int = 1 << 31,
) -> Sequence[InboxRow]:
    """Return what is still to be handled, in the order of arrival, at most `of_each` of a sender.

    `but`: those that are known already, `but_of`: senders of whom enough is known. Thousands wait
    in a rush, and each look would read all.
    """
    parameters = {
        "but": json.dumps(list(but)),
        "but_of": json.dumps([f"{one.channel}:{one.address}" for one in but_of]),
        "of_each": of_each,
    }
    found = await reader.all(_pending(reader.dialect), parameters)
    return [
        InboxRow(
            row["update_id"],
            Address(row["channel"], row["address"]),
            row["attempts"],
            row["not_before"],
        )
        for row in found
    ]


@cache
def _pending(dialect: str) -> Executable:
    but = listed_in(bindparam("but", type_=Text), dialect).c.value
    but_of = listed_in(bindparam("but_of", type_=Text), dialect).c.value
    sender = table.c.channel, table.c.address
    names = ("update_id", "channel", "address", "attempts", "not_before")
    place = func.row_number().over(partition_by=sender, order_by=table.c.update_id)
    waiting = (
        select(*(table.c[name] for name in names), place.label("place"))
        .where(
            table.c.parked_at.is_(None),
            table.c.update_id.not_in(select(cast(but, BigInteger))),
            (table.c.channel + ":" + table.c.address).not_in(select(but_of)),
        )
        .subquery()
    )
    return (
        select(*(waiting.c[name] for name in names))
        .where(waiting.c.place <= bindparam("of_each"))
        .order_by(waiting.c.update_id)
    )


async def take(tx: Transaction, update_id: int) -> str | None:
    """Take an update out, in the transaction of its effect; None where it was gone already.

    Raises SealBroken.
    """
    return _taken(tx, await tx.first(_TAKE, {"number": update_id}))


async def take_with(tx: Transaction, update_id: int, beside: Statement) -> tuple[str | None, Any]:
    """Take an update out, as `take` does, and what is read `beside` it in the same visit."""
    row, found = await tx.several((_TAKE, {"number": update_id}, first), beside)
    return _taken(tx, row), found


def _taken(tx: Transaction, row: RowMapping | None) -> str | None:
    if row is None:
        return None
    payload: str = row["payload"]
    return _opened(tx.keys, payload) if row["sealed"] else payload


async def failed(
    tx: Transaction, update_id: int, error: str, now: datetime, not_before: datetime, park: bool
) -> None:
    """Count a failure; `park` puts the update aside for a person to look at."""
    await tx.run(
        update(table)
        .where(table.c.update_id == update_id)
        .values(
            attempts=table.c.attempts + 1,
            error=error,
            not_before=not_before,
            parked_at=now if park else None,
        )
    )


async def parked(reader: Reader) -> Sequence[Parked]:
    """Return the updates put aside, without their contents."""
    columns = [table.c[name] for name in Parked.__dataclass_fields__]
    aside = select(*columns).where(table.c.parked_at.is_not(None)).order_by(table.c.update_id)
    return [Parked(**row) for row in await reader.all(aside)]


async def unpark(tx: Transaction, update_id: int) -> None:
    """Try a parked update again."""
    again = {"parked_at": None, "attempts": 0, "not_before": None}
    await tx.run(update(table).where(table.c.update_id == update_id).values(again))


async def count(reader: Reader, now: datetime) -> int:
    """Count what is to be handled now; what waits for its next try, or behind one, is left out."""
    found: int = await reader.scalar(waiting(), {"now": now})
    return found


async def of_each(reader: Reader, now: datetime) -> Sequence[int]:
    """Count the same by sender."""
    return await reader.scalars(_count_of_each(), {"now": now})


@cache
def waiting() -> Select[int]:
    """Return the query that counts what is to be handled `now`."""
    return select(func.count()).where(*_to_be_handled())


@cache
def _count_of_each() -> Executable:
    return select(func.count()).where(*_to_be_handled()).group_by(table.c.channel, table.c.address)


def _to_be_handled() -> tuple[ColumnElement[bool], ...]:
    present, later = (
        table.c.parked_at.is_(None),
        table.c.not_before > bindparam("now", type_=Moment),
    )
    held_up = select(table.c.channel, table.c.address).where(present, later)
    due = tuple_(table.c.channel, table.c.address).not_in(held_up)
    return present, due


async def next_due(reader: Reader) -> datetime | None:
    """Return when the next update is tried again."""
    again: datetime | None = await reader.scalar(
        select(func.min(table.c.not_before)).where(table.c.parked_at.is_(None))
    )
    return again


async def prune_seen(tx: Transaction, now: datetime) -> int:
    """Forget ids that no channel repeats any longer."""
    return await tx.run(delete(seen_updates).where(seen_updates.c.seen_at < now - REMEMBERED))
