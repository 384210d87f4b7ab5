"""The digest as a page: a link works once, and opens a session that ends by itself.

Only the SHA-256 of both tokens is kept. A session says who somebody is and gives no right: what
they may see is asked of the person anew at each request.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from storage.engine.reading import Reader, Transaction
from storage.people.link_errors import LinkExpired, LinkUnknown, LinkUsedUp
from storage.people.links import hash_of
from storage.tables.sessions import web_sessions as table

LINK: Final = timedelta(minutes=10)
SESSION: Final = timedelta(hours=1)
_TOKEN_BYTES: Final = 24
_LASTS: Final = table.c.ended_at.is_(None)


@dataclass(frozen=True, slots=True)
class WebSession:
    """A session under way."""

    id: int
    person_id: int
    until: datetime


async def invite(tx: Transaction, person_id: int, now: datetime) -> str:
    """Return the token of a new link; the person's earlier unused ones stop working."""
    unused = (table.c.person_id == person_id) & table.c.opened_at.is_(None)
    await tx.run(update(table).where(unused, _LASTS).values(ended_at=now))
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    values = {"person_id": person_id, "link_hash": hash_of(token), "link_until": now + LINK}
    await tx.run(tx.insert(table).values(values))
    return token


async def look(reader: Reader, token: str, now: datetime) -> int:
    """Return whom a link was made for, changing nothing.

    Raises LinkUnknown, LinkUsedUp, LinkExpired; a link that a newer one replaced has expired.
    """
    columns = (table.c.person_id, table.c.link_until, table.c.opened_at, table.c.ended_at)
    row = await reader.first(select(*columns).where(table.c.link_hash == hash_of(token)))
    if row is None:
        raise LinkUnknown
    if row["opened_at"] is not None:
        raise LinkUsedUp(1)
    if row["ended_at"] is not None or row["link_until"] <= now:
        raise LinkExpired
    person_id: int = row["person_id"]
    return person_id


async def begin(tx: Transaction, token: str, now: datetime) -> tuple[str, WebSession]:
    """Use a link up: return the token of its session. Raises as `look` does.

    When several use a link at once, one gets the session.
    """
    person_id = await look(tx, token, now)
    session = secrets.token_urlsafe(_TOKEN_BYTES)
    until = now + SESSION
    opened = {"session_hash": hash_of(session), "opened_at": now, "session_until": until}
    unused = (table.c.link_hash == hash_of(token)) & table.c.opened_at.is_(None)
    number = await tx.scalar(
        update(table).where(unused, _LASTS).values(opened).returning(table.c.id)
    )
    if number is None:
        raise LinkUsedUp(1)
    return session, WebSession(number, person_id, until)


async def known(reader: Reader, token: str, now: datetime) -> WebSession | None:
    """Return the session of a token; None where there is none, or none any more."""
    columns = (table.c.id, table.c.person_id, table.c.session_until)
    row = await reader.first(
        select(*columns).where(
            table.c.session_hash == hash_of(token), _LASTS, table.c.session_until > now
        )
    )
    if row is None:
        return None
    return WebSession(row["id"], row["person_id"], row["session_until"])


async def end(tx: Transaction, number: int, now: datetime) -> None:
    """End one session."""
    await tx.run(update(table).where(table.c.id == number, _LASTS).values(ended_at=now))


async def end_of(tx: Transaction, ids: Collection[int], now: datetime) -> None:
    """End whatever sessions and links these people have."""
    await tx.run(update(table).where(table.c.person_id.in_(ids), _LASTS).values(ended_at=now))


async def end_all(tx: Transaction, person_id: int, now: datetime) -> int:
    """End all sessions and unused links of somebody; return how many sessions were under way."""
    theirs = table.c.person_id == person_id
    under_way = theirs & table.c.opened_at.is_not(None) & (table.c.session_until > now)
    count = await tx.run(update(table).where(under_way, _LASTS).values(ended_at=now))
    await end_of(tx, [person_id], now)
    return count


async def forget_all(tx: Transaction) -> None:
    """Forget every link and session: a copy may hold some that have been used or ended since."""
    await tx.run(delete(table))


async def prune(tx: Transaction, now: datetime) -> None:
    """Forget what nobody can use any more."""
    await tx.run(delete(table).where(or_(~_LASTS, _over(now))))


def _over(now: datetime) -> ColumnElement[bool]:
    unused = and_(table.c.opened_at.is_(None), table.c.link_until <= now)
    return or_(unused, table.c.session_until <= now)
