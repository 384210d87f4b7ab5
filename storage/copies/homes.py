"""Whether a PostgreSQL database still stands where it stood: a dump that was put back does not.

A file's copy is marked in its header. A dump holds exactly what the database holds, so the database
notes where it stands: its own number on the server, its table's, and the transaction that wrote the
note. A server gives all three anew to what is restored, whoever made the dump and whoever restores
it. They stay the same under vacuum, on a replica of the server that takes over, and where the
server is upgraded in place. A snapshot of the server's disk has them too: that is not seen.
"""

from datetime import datetime

from sqlalchemy import text

from storage.engine.reading import Reader, Transaction

_HERE = (
    "concat_ws('/', (SELECT oid FROM pg_database WHERE datname = current_database()), "
    "installation.tableoid, installation.xmin)"
)
_IS_ELSEWHERE = text(f"SELECT home <> {_HERE} FROM installation")  # noqa: S608 (ours)
_BEGIN = text("UPDATE installation SET home = ''")
_NOTE = text(f"UPDATE installation SET home = {_HERE}")  # noqa: S608 (ours)
_LAST_TRACE = text(
    "SELECT coalesce(greatest((SELECT max(seen_at) FROM seen_updates), "
    "(SELECT until FROM leadership)), now())"
)


async def is_elsewhere(reader: Reader) -> bool | None:
    """Tell whether the database was put here from a dump; None where it has no note yet."""
    found: bool | None = await reader.scalar(_IS_ELSEWHERE)
    return found


async def note(tx: Transaction) -> None:
    """Note that the database stands here.

    The first statement makes the row this transaction's own; the second writes down which that is.
    """
    await tx.run(_BEGIN)
    await tx.run(_NOTE)


async def last_trace(reader: Reader) -> datetime:
    """Return the latest moment that the database knows of: about when it was dumped."""
    moment: datetime = await reader.scalar(_LAST_TRACE)
    return moment
