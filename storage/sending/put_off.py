"""What waits because of something that happened, when the clock has gone back since then.

Every wait here was meant from the moment at which it was put off. If that moment is in the future,
the clock was ahead: the wait begins again, now, and is as long as it was to be. An early end harms
nobody, so a clock that is wrong at present, and right later, does no harm either.
"""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from storage.engine.reading import Transaction
from storage.tables.delivery import outbox, outbox_pause

_UNSENT = outbox.c.state.in_(("queued", "held", "sending"))


async def begin_again(tx: Transaction, now: datetime) -> int:
    """Let pauses, retries, leases and what was due at once wait from now; return how many did."""
    return await _pause(tx, now) + await _claimed(tx, now) + await _due_at_once(tx, now)


async def _pause(tx: Transaction, now: datetime) -> int:
    pause = await tx.first(select(outbox_pause).where(outbox_pause.c.since > now))
    if pause is None:
        return 0
    until = now + (pause["until"] - pause["since"])
    return await tx.run(update(outbox_pause).values(since=now, until=until))


async def _claimed(tx: Transaction, now: datetime) -> int:
    """Bring forward leases and the next tries of what was claimed in the future."""
    ahead = _UNSENT & (outbox.c.claimed_at > now)
    columns = (outbox.c.id, outbox.c.state, outbox.c.due_at, outbox.c.claimed_at)
    rows = await tx.all(select(*columns).where(ahead))
    for row in rows:
        wait = max(row["due_at"] - row["claimed_at"], timedelta())
        due = now + wait if row["due_at"] > now else row["due_at"]
        changed = {"claimed_at": now, "due_at": due}
        await tx.run(update(outbox).where(outbox.c.id == row["id"]).values(changed))
    return len(rows)


async def _due_at_once(tx: Transaction, now: datetime) -> int:
    """Bring forward what was put into the outbox in the future to be sent at that moment."""
    ahead = _UNSENT & (outbox.c.created_at > now) & (outbox.c.due_at == outbox.c.created_at)
    return await tx.run(update(outbox).where(ahead).values(due_at=now))
