"""Making copies of either kind of database: a file's, or a server's."""

import asyncio
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from storage.copies import backups
from storage.copies.shelf import Copy, Shelf, moment_in_name


async def asked(shelf: Shelf) -> Shelf:
    """Return the shelf with the id of its installation, which a server has to be asked for.

    Raises a StorageError where the server does not answer.
    """
    if shelf.server is None:
        return shelf
    from storage.dumps import asking  # noqa: PLC0415 (it loads what PostgreSQL needs)

    return replace(shelf, whose=await asking.installation(shelf.server))


async def version_here(shelf: Shelf) -> int:
    """Return the major version of the programs by which a server is copied here.

    Raises CannotDump, and what connecting raises.
    """
    from storage.dumps import asking  # noqa: PLC0415 (the same)

    return (await asking.able(shelf.server or "")).version


async def make(shelf: Shelf, kind: Literal["daily", "hand", "import"], now: datetime) -> Copy:
    """Make a verified copy and put it on the shelf; raises a StorageError.

    Cancelled, it leaves nothing of a dump; a file's copy is made to its end.
    """
    if shelf.server is None:
        return await asyncio.to_thread(backups.make, shelf, kind, now)
    from storage.dumps import dumping  # noqa: PLC0415 (it loads what PostgreSQL needs)

    return await dumping.make(shelf, kind, moment_in_name(now))


async def write(shelf: Shelf, target: Path, now: datetime) -> None:
    """Write a verified copy to a file of that name; raises a StorageError."""
    if shelf.server is None:
        await asyncio.to_thread(backups.write, shelf.database, target, now, shelf.recipients)
        return
    from storage.dumps import dumping  # noqa: PLC0415 (the same)

    await dumping.write(shelf, target.parent, lambda _: target)


async def put_back(shelf: Shelf, file: Path, identity: Path | None) -> datetime | None:
    """Put a dump into a server's empty database; return when it was made, if its name says.

    Raises a StorageError; nothing was written then.
    """
    from storage.dumps import putting_back  # noqa: PLC0415 (the same)

    return await putting_back.put_back(shelf, file, identity)


async def make_before(shelf: Shelf, revision: str) -> None:
    """Dump a server's database before it is migrated to `revision`; raises a StorageError."""
    from storage.dumps import dumping  # noqa: PLC0415 (the same)

    await dumping.make(shelf, "before", revision)
