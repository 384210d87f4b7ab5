"""Doing an operation from the command line and showing its result."""

import datetime as dt
import gc
from collections.abc import Coroutine, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bot.cli.terminal.failing import failing_kindly, language
from bot.errors import FileUnreadable
from bot.telling import UTC
from surveys.messages import Message

if TYPE_CHECKING:
    from bot.operations.remote import First
    from storage.database import Database

ResultT = TypeVar("ResultT")


def awaited(work: Coroutine[Any, Any, ResultT]) -> ResultT:
    """Do asynchronous work to its end.

    Garbage collection, which `main` switched off for the imports, begins here and leaves them out.
    """
    import asyncio

    if not gc.isenabled():
        gc.freeze()
        gc.enable()
    return asyncio.run(work)


async def present(clock_url: str | None) -> datetime:
    """Return the present moment: the shared clock's where one is set."""
    if clock_url is None:
        return datetime.now(dt.UTC)
    from bot.clock import running_clock

    async with running_clock(clock_url) as clock:
        return clock.now()


async def company_zone(database_url: str) -> str:
    """Return the time zone of the company, UTC where its database cannot be read."""
    from storage.database import open_reading
    from storage.errors import StorageError
    from storage.people import workspace

    try:
        async with open_reading(database_url) as database, database.reading() as view:
            return (await workspace.get(view)).zone
    except StorageError:
        return UTC


def perform(
    name: str, arguments: Mapping[str, Any], first: "First | None" = None, **needs: bool
) -> dict[str, Any]:
    """Do an operation in this process, or in the bot that holds the database.

    `first` is done where it is this process; `needs` are `of_surveys` and `every_page`, as
    `bot.operations.remote.perform` has them. All that it takes is imported before garbage is
    looked for.
    """
    with failing_kindly():
        from bot.operations.registry import OPERATIONS
        from bot.operations.remote import permitted

        permitted(OPERATIONS, name)
        return awaited(performed(name, arguments, first, **needs))


async def performed(
    name: str, arguments: Mapping[str, Any], first: "First | None" = None, **needs: bool
) -> dict[str, Any]:
    """Do the same in an event loop that runs; raises whatever the operation raises."""
    from bot.jobs.upkeep.marked import hold_copy
    from bot.operations import remote
    from bot.operations.registry import OPERATIONS
    from bot.settings import Settings

    async def begin(database: "Database", now: datetime) -> None:
        await hold_copy(database, now)
        if first is not None:
            await first(database, now)

    settings = Settings.load()
    return await remote.perform(
        settings,
        OPERATIONS,
        name,
        lambda: present(settings.clock_url),
        arguments,
        language(),
        begin,
        **needs,
    )


async def note_taken(deed: str) -> None:
    """Note in the record of deeds that data is taken out here; raises what stands in the way.

    No survey is read: a digest waits for it.
    """
    from bot.operations import remote
    from bot.operations.registry import OPERATIONS
    from bot.settings import Settings

    settings = Settings.load()
    await remote.perform(
        settings,
        OPERATIONS,
        "note_taken",
        lambda: present(settings.clock_url),
        {"details": deed},
        language(),
        of_surveys=False,
        every_page=False,
    )


def read_text(path: Path) -> str:
    """Return a file's UTF-8 text; raises FileUnreadable."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise FileUnreadable(path, error) from error
    except UnicodeDecodeError as error:
        raise FileUnreadable(path, Message("save it as UTF-8 text")) from error
