"""The lease of the replica that leads, and who was heard of. Times are the server's clock's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, DateTime, Interval, delete, func, literal, select, update

from storage.engine.connection import Connection
from storage.engine.reading import Reader, Transaction, insert_into
from storage.tables.replicas import leadership, replicas

LEASE_SECONDS: Final = 5.0
"""How long a replica goes on leading after it was last heard of."""
BEAT_SECONDS: Final = 1.0
MARGIN_SECONDS: Final = 1.0
"""In the last seconds of a lease nothing is sent: what is on its way must arrive before its end."""
_SILENT = timedelta(seconds=10)
"""A replica that was silent for this long counts as gone."""


@dataclass(frozen=True, slots=True)
class ReplicasSeen:
    """The replicas heard of by name, and which of them leads; `seal`: see the table."""

    names: Sequence[str]
    leader: str | None
    seal: str | None = None


def _now() -> ColumnElement[datetime]:
    return func.clock_timestamp(type_=DateTime(timezone=True))


def _until() -> ColumnElement[datetime]:
    return _now() + literal(timedelta(seconds=LEASE_SECONDS), Interval())


async def take(tx: Transaction, name: str) -> int | None:
    """Lead from now on, unless another one does; return the token of this lease.

    Call it in a writing transaction: then the earlier leader has none open, and can begin none
    later.
    """
    first = {"id": 1, "holder": name, "token": 1, "until": _until()}
    next_token = {"holder": name, "token": leadership.c.token + 1, "until": _until()}
    taken: int | None = await tx.scalar(
        tx.insert(leadership)
        .values(first)
        .on_conflict_do_update(
            index_elements=["id"], set_=next_token, where=leadership.c.until <= _now()
        )
        .returning(leadership.c.token)
    )
    return taken


async def renew(line: Connection, token: int, seal: str | None) -> bool:
    """Go on leading; False where another one does. Too late is early enough if nobody else came."""
    mine = leadership.c.token == token
    renewed = update(leadership).where(mine).values(until=_until(), seal=seal)
    return bool(await line.execute(renewed, None, lambda result: result.rowcount))


async def is_free(line: Connection) -> bool:
    """Tell whether nobody leads."""
    led = select(leadership.c.id).where(leadership.c.until > _now())
    return await line.execute(led, None, lambda result: result.first()) is None


async def release(line: Connection, token: int) -> None:
    """Let another one lead at once."""
    mine = leadership.c.token == token
    await line.execute(update(leadership).where(mine).values(until=_now()), None, lambda _: None)


async def note(line: Connection, name: str) -> None:
    """Be heard of; forget replicas that were silent for a day."""
    row = insert_into(replicas, line.dialect_name).values(
        name=name, started_at=_now(), seen_at=_now()
    )
    seen = row.on_conflict_do_update(index_elements=["name"], set_={"seen_at": _now()})
    await line.execute(seen, None, lambda _: None)


async def leave(line: Connection, name: str) -> None:
    """Remove this replica and those that have been silent for long."""
    old = replicas.c.seen_at < _now() - literal(timedelta(days=1), Interval())
    gone = delete(replicas).where((replicas.c.name == name) | old)
    await line.execute(gone, None, lambda _: None)


async def standing(reader: Reader) -> ReplicasSeen | None:
    """Return who works on the database; None on SQLite, where one does."""
    if reader.dialect == "sqlite":
        return None
    since = _now() - literal(_SILENT, Interval())
    names = await reader.scalars(
        select(replicas.c.name).where(replicas.c.seen_at > since).order_by(replicas.c.name)
    )
    columns = leadership.c.holder, leadership.c.seal
    row = await reader.first(select(*columns).where(leadership.c.until > _now()))
    if row is None:
        return ReplicasSeen(list(names), None)
    return ReplicasSeen(list(names), row["holder"], row["seal"])


async def seal_of_leader(line: Connection) -> str | None:
    """Return the hash of the key that the present leader seals by, None where nobody leads."""
    found = select(leadership.c.seal).where(leadership.c.until > _now())
    seal: str | None = await line.execute(found, None, lambda result: result.scalar())
    return seal
