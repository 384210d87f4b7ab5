"""Waiting for a database server that has not started, or has gone away."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import structlog

from bot.operations.copies.backups import shelf_of
from bot.settings import SQLITE, Settings
from storage.database import Database, open_database
from storage.errors import DatabaseUnavailable
from surveys.messages import Message, mark

log = structlog.get_logger()

FIRST_WAIT = 0.5
LONGEST_WAIT = 15.0
_WAITING = mark("The database server does not answer yet; otklik waits for it.")


@asynccontextmanager
async def awaited_database(
    settings: Settings,
    stop: asyncio.Event,
    announce: Callable[[Message], None],
    *,
    new: bool = False,
) -> AsyncIterator[Database | None]:
    """Open the database once its server is there; None where the program is stopped first.

    The wait is announced once, and logged at the first, second, fourth, eighth try and so on. What
    waiting would not mend (a wrong password, no such database, TLS) raises as `open_database` does.
    """
    async with AsyncExitStack() as stack:
        tries, wait = 0, FIRST_WAIT
        while not stop.is_set():
            try:
                opening = open_database(settings.database_url, shelf_of(settings), new=new)
                database = await stack.enter_async_context(opening)
            except DatabaseUnavailable as error:
                if not is_waited_for(settings, error):
                    raise
                tries += 1
                if tries == 1:
                    announce(Message(_WAITING))
                if tries & (tries - 1) == 0:
                    log.warning("database_unreachable", detail=error.detail, tries=tries)
            else:
                yield database
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)
            wait = min(2 * wait, LONGEST_WAIT)
        yield None


def is_waited_for(settings: Settings, error: DatabaseUnavailable) -> bool:
    """Tell whether the server may come back; what somebody must mend is told in words."""
    return not (settings.database_url.startswith(SQLITE) or isinstance(error.detail, Message))
