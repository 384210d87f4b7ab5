"""Waits that began while the clock was ahead: they begin again once it has gone back.

Every wait has a moment at which it was put off. Where that moment lies in the future, the clock was
ahead then: the wait begins again now, and lasts as long as it was meant to. An early end harms
nobody, so it does no harm either if it is the present clock that is wrong.
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
    """Bring forward the leases and next tries of messages that were claimed at a future moment."""
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
    """Bring forward messages that were queued at a future moment, to be sent at once."""
    ahead = _UNSENT & (outbox.c.created_at > now) & (outbox.c.due_at == outbox.c.created_at)
    return await tx.run(update(outbox).where(ahead).values(due_at=now))
