"""What follows when a copy has taken the database's place: the hold, and what is now in doubt.

The copy does not know what happened after it was made, so everything it would still send to
customers may have been sent already. Such messages become `unknown`, and an admin decides about
each. Until an admin releases the restore, the queue sends nothing to customers at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, column, delete, func, insert, select, table, text, update
from sqlalchemy.sql.selectable import Exists

from storage.copies import homes
from storage.engine.columns import metadata
from storage.engine.reading import Reader, Transaction
from storage.engine.sqlite import marking
from storage.tables.delivery import IS_CHANGE, outbox, seen_updates
from storage.tables.surveys import invitations, waves
from storage.tables.upkeep import installation, restores

NUMBERS_SKIPPED = 1_000_000
"""Allowance for each day between copy and restore: so many numbers may have been given."""
RESTORED = "restored from a copy"
_SEQUENCES = table("sqlite_sequence", column("name"), column("seq"))


@dataclass(frozen=True, slots=True)
class Hold:
    """A restore that no admin has released yet.

    `waves` were made again, and nobody knows what became of them. `lost` counts people whose
    anonymous answers waited for their batch, which is in no copy.
    """

    id: int
    copied_at: datetime
    restored_at: datetime
    waves: int
    lost: int


async def begin(tx: Transaction, copied_at: datetime, now: datetime, lost: int) -> None:
    """Hold what goes to customers."""
    values = {"copied_at": copied_at, "restored_at": now, "waves": 0, "lost": lost}
    await tx.run(insert(restores).values(values))


async def marked_at(reader: Reader) -> datetime | None:
    """Return when this database was copied; None: it is held already, or is no copy.

    A dump says no moment: it is the latest that it knows of.
    """
    if reader.dialect != "sqlite":
        return await homes.last_trace(reader) if await homes.is_elsewhere(reader) else None
    return marking.moment_of(await reader.scalar(text("PRAGMA user_version")))


async def is_noted(reader: Reader) -> bool:
    """Whether it could be told of this database that it is a copy; a file's header always tells."""
    return reader.dialect == "sqlite" or await homes.is_elsewhere(reader) is not None


async def installation_key(reader: Reader) -> str:
    """Return the id by which this database and its copies are told from others."""
    found: str | None = await reader.scalar(select(installation.c.key))
    return found or ""


async def unmark(tx: Transaction) -> None:
    """Remove the mark of a copy, once everything that follows from it is done."""
    if tx.dialect == "sqlite":
        await tx.run(text("PRAGMA user_version = 0"))
    else:
        await homes.note(tx)


async def note_waves(tx: Transaction, made: int) -> None:
    """Note how many waves fell due between copy and restore."""
    waiting = restores.c.released_at.is_(None)
    await tx.run(update(restores).where(waiting).values(waves=made))


async def held(reader: Reader) -> Hold | None:
    """Return the restore that waits to be released, the latest of several."""
    columns = [restores.c[name] for name in Hold.__dataclass_fields__]
    waiting = select(*columns).where(restores.c.released_at.is_(None))
    row = await reader.first(waiting.order_by(restores.c.id.desc()))
    return None if row is None else Hold(**row)


async def release(tx: Transaction, now: datetime) -> None:
    """Let messages go to customers again."""
    waiting = restores.c.released_at.is_(None)
    await tx.run(update(restores).where(waiting).values(released_at=now))


def is_held() -> Exists:
    """Return the condition that a restore waits to be released."""
    return select(restores.c.id).where(restores.c.released_at.is_(None)).exists()


async def doubt(tx: Transaction, now: datetime) -> int:
    """Mark what is unsent as perhaps sent since the copy; return how many are for customers.

    Messages to staff go out once more, marked as a repeat; changing a message twice does no harm.
    """
    unsent = outbox.c.state.in_(("queued", "held", "sending"))
    to_customers = unsent & (outbox.c.audience == "customer") & ~IS_CHANGE
    about = select(outbox.c.invitation_id).where(to_customers)
    undelivered = (invitations.c.state == "queued") & invitations.c.id.in_(about)
    await tx.run(update(invitations).where(undelivered).values(state="unknown"))
    uncertain = {"state": "unknown", "repeat": True, "error": RESTORED, "settled_at": now}
    count = await tx.run(update(outbox).where(to_customers).values(uncertain))
    to_staff = unsent & (outbox.c.audience == "staff") & ~IS_CHANGE
    await tx.run(update(outbox).where(to_staff).values(state="queued", repeat=True))
    begun = (outbox.c.state == "sending") & IS_CHANGE
    await tx.run(update(outbox).where(begun).values(state="queued"))
    return count


async def skip_numbers(tx: Transaction, given: Mapping[str, int], gap: int) -> None:
    """Skip the numbers that may stand in buttons since the copy was made.

    `given`: the highest that the replaced database gave, where it could still be read.
    """
    numbered = [one for one in metadata.sorted_tables if one.c[0].autoincrement is True]
    for one in numbered:
        last = await tx.scalar(select(func.max(one.c.id))) or 0
        following = max(last, given.get(one.name, 0)) + gap
        if tx.dialect == "sqlite":
            await tx.run(delete(_SEQUENCES).where(_SEQUENCES.c.name == one.name))
            await tx.run(insert(_SEQUENCES).values(name=one.name, seq=following))
        else:
            sequence = func.pg_get_serial_sequence(cast(one.name, String), "id")
            await tx.scalar(select(func.setval(sequence, following)))


async def counts(reader: Reader) -> tuple[int, int]:
    """Count the messages to customers that wait to be sent, and those of unknown fate."""
    customers = outbox.c.audience == "customer"
    of_state = select(func.count()).where(customers)
    waiting: int = await reader.scalar(of_state.where(outbox.c.state == "queued"))
    uncertain: int = await reader.scalar(of_state.where(outbox.c.state == "unknown"))
    return waiting, uncertain


async def last_heard(reader: Reader) -> datetime | None:
    """Return when the latest update that the database knows of came in."""
    moment: datetime | None = await reader.scalar(select(func.max(seen_updates.c.seen_at)))
    return moment


async def count_waves(reader: Reader) -> int:
    """Count the waves of all campaigns."""
    count: int = await reader.scalar(select(func.count()).select_from(waves))
    return count
