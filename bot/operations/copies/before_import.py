"""A copy of the database from before an import, so that a file read wrongly can be taken back."""

from datetime import datetime
from pathlib import Path

from storage.copies import making
from storage.copies.shelf import prune
from storage.database import Database
from storage.dumps.errors import CannotDump


async def copied_before(database: Database, now: datetime) -> Path | None:
    """Make a verified copy and return where it lies; None where none can be made here.

    That is where the server's own copies are relied on, or this machine lacks pg_dump.
    Raises what `making.make` raises else: then nothing should be imported.
    """
    shelf = database.shelf
    if shelf is None or shelf.alone:
        return None
    try:
        path = (await making.make(shelf, "import", now)).path
    except CannotDump as error:
        import structlog  # noqa: PLC0415 (with it comes rich, a tenth of a command's start)

        log = structlog.get_logger()
        log.warning("no_copy_before_import", error=type(error).__name__)
        return None
    prune(shelf, now)
    return path
