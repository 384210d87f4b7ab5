"""Forgetting what only delivery needed, when nothing needs it any longer.

What makes a thing happen once stays: keys of messages, deals, slots, numbers that buttons name.
Whatever may be long is chosen in a reader, beside which others write, and goes in small steps.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, or_, select, update

from storage.engine.reading import Reader, Transaction
from storage.sending import errands
from storage.tables.delivery import IS_CHANGE, inbox, outbox
from storage.tables.imports import OPEN, WORK, import_rows, imports
from storage.tables.people import link_failures

WORDS_KEPT: Final = timedelta(days=30)
"""How long the words of a settled message, and what was found in a list, are kept."""
FILES_KEPT: Final = timedelta(days=1)
"""How long a file of rows lies beside the database after it was made."""
PARKED_KEPT: Final = timedelta(days=90)
"""How long an update that could not be handled waits for somebody to look at it."""
FAILURES_KEPT: Final = timedelta(days=2)
"""How long wrong tokens are kept: they count for a day."""

SETTLED: Final = ("sent", "failed", "cancelled", "expired", "left")
"""States of messages with which nothing more happens."""


async def worded(reader: Reader, now: datetime, after: int, limit: int) -> Sequence[int]:
    """Return messages settled long ago that still have their words, by number from `after` on."""
    old = outbox.c.state.in_(SETTLED) & (outbox.c.settled_at < now - WORDS_KEPT)
    words = or_(outbox.c.content != "{}", outbox.c.file_path.is_not(None))
    chosen = select(outbox.c.id).where(outbox.c.id > after, old, words)
    return await reader.scalars(chosen.order_by(outbox.c.id).limit(limit))


async def forget_words(tx: Transaction, outbox_ids: Sequence[int]) -> None:
    """Empty messages: their keys keep them from being put again, campaigns count them.

    A change is gone altogether: there are many, and made twice it changes nothing.
    """
    await empty(tx, outbox.c.id.in_(outbox_ids))


async def empty(tx: Transaction, which: ColumnElement[bool]) -> None:
    """Empty these messages, as `forget_words` says."""
    await tx.run(delete(outbox).where(which, IS_CHANGE))
    wordless = {"content": "{}", "file_path": None, "file_id": None}
    await tx.run(update(outbox).where(which).values(wordless))


async def forget_the_rest(tx: Transaction, now: datetime) -> int:
    """Forget old dead letters, wrong tokens and what lists held; return how many dead letters."""
    await tx.run(delete(link_failures).where(link_failures.c.failed_at < now - FAILURES_KEPT))
    ended = imports.c.state.not_in((*OPEN, *WORK)) & (imports.c.changed_at < now - WORDS_KEPT)
    await tx.run(update(imports).where(ended, imports.c.found != "{}").values(found="{}"))
    await errands.forget(tx, now)
    return await tx.run(delete(inbox).where(inbox.c.parked_at < now - PARKED_KEPT))


async def drop_abandoned_lists(tx: Transaction) -> int:
    """Drop the rows of commands that ended in mid-import; only while no command is at work."""
    return await tx.run(delete(import_rows).where(import_rows.c.import_id < 0))


async def files_needed(reader: Reader, now: datetime) -> dict[str, set[int]]:
    """Return whose files are still needed, by the name of their folder beside the database."""
    reading = select(imports.c.id).where(imports.c.state == "waiting")
    to_delete = await errands.of_kind(reader, "links_over")
    handed = await errands.of_kind(reader, "mydata_over")
    return {
        "digests": await errands.numbers(reader, "digest", now - WORDS_KEPT)
        | await errands.numbers(reader, "own_card", now - FILES_KEPT),
        "exports": await errands.numbers(reader, "export", now - FILES_KEPT),
        "imports": set(await reader.scalars(reading)),
        "links": {one.id for one in await errands.of_kind(reader, "links")}
        | {one.parameters["folder"] for one in to_delete},
        "mydata": {one.id for one in await errands.of_kind(reader, "mydata")}
        | {one.parameters["folder"] for one in handed},
    }
