"""One writer at a time: the command line asks the running bot to do what it may not do itself.

A program that works with the database listens on a Unix socket (`sockets`); only its owner may use
it. A request is one JSON line, the answer another. If there are several replicas, the first that
answers does the work. Where nothing runs, the command opens the database and does it in its own
process: the same function either way.
"""

import asyncio
import contextlib
import json
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from bot.errors import Refused, Told
from bot.operations.auditing import TOLD_WHO, audited, system_user
from bot.operations.copies.backups import shelf_of
from bot.operations.sockets import clear, own_socket, sockets
from bot.rights import Action, Role, may
from bot.settings import SQLITE, Settings
from bot.telling import told
from storage.copies.shelf import Shelf
from storage.database import Database, open_database
from storage.errors import DatabaseBusy
from surveys.messages import Language, ToldError, known_language, mark
from templates.texts import Texts

_ASKED_SECONDS = 5
_THERE = "there"
"""Asks only whether somebody listens: a program that stands still would accept a request too."""
_LARGEST_REQUEST = 64 * 1024 * 1024
_LONGEST_NAME = 100
_TOO_MUCH = mark(
    "That is more than the running bot takes at once: stop it, say this again, and start it."
)
_SILENT = mark("Another otklik holds the database but does not answer; stop it and try again.")

Result = dict[str, Any]


Operation = Callable[..., Awaitable[Result]]
"""`(database, now, **arguments)`: does something or raises `Refused`; everything is JSON."""


@dataclass(frozen=True, slots=True)
class Offered:
    """An operation and the action that it does; whoever asks for it acts as the operator."""

    action: Action
    operation: Operation


First = Callable[[Database, datetime], Awaitable[object]]
"""What must be done with a database before anything else."""


async def perform(  # noqa: PLR0913 (the last are for those who need less)
    settings: Settings,
    operations: Mapping[str, Offered],
    name: str,
    now: Callable[[], Awaitable[datetime]],
    arguments: Mapping[str, Any],
    language: Language = "ru",
    first: First | None = None,
    *,
    of_surveys: bool = True,
    every_page: bool = True,
) -> Result:
    """Do an operation here, or in the running bot where one holds the database.

    `language`: in which the running bot is to say what is wrong. What is only checked makes no
    database where there is none. `first` is done where the database is opened here. What is not
    `of_surveys` neither needs the catalog's nor leaves anybody to be asked; who only adds a line
    need not examine `every_page`.
    """
    user = system_user()
    asked = {"operation": name, "arguments": dict(arguments), "language": language}
    request = asked | {"user": user}
    if not settings.database_url.startswith(SQLITE) and (path := await _answering(settings)):
        return await _ask(path, request)
    try:
        with _place(settings, arguments) as (url, shelf):
            operation = partial(_after, first, _noted(operations, name, user))
            needs = {"of_surveys": of_surveys, "every_page": every_page}
            return await _here(url, shelf, operation, now, arguments, **needs)
    except DatabaseBusy:
        listening = sockets(settings)
        if not listening:
            raise
    return await _ask(listening[0], request)


def permitted(operations: Mapping[str, Offered], name: str) -> Operation:
    """Return the operation of that name; raises Refused where the command line may not do it.

    Raises KeyError for an unknown name.
    """
    offered = operations[name]
    if not may(offered.action, Role.OPERATOR):
        raise Refused(mark("The command line may not do this."))
    return offered.operation


def _noted(operations: Mapping[str, Offered], name: str, user: str | None) -> Operation:
    """Return what does it and notes it; raises as `permitted` does."""
    return partial(_audited, name, user, permitted(operations, name))


async def _audited(
    name: str,
    user: str | None,
    operation: Operation,
    database: Database,
    now: datetime,
    /,
    **arguments: Any,
) -> Result:
    """Do an operation and note it in the record of deeds, in its own transaction."""
    if name in TOLD_WHO:
        return await operation(database, now, **arguments, user=user)
    noting = audited(name, database, now, arguments, user)
    return await operation(noting, now, **arguments)


async def ask_running(settings: Settings, name: str) -> Result | None:
    """Ask the running bot for what only it knows; None where none runs, answers or knows it."""
    for path in sockets(settings):
        with contextlib.suppress(Refused, TimeoutError):
            async with asyncio.timeout(_ASKED_SECONDS):
                return await _ask(path, {"operation": name, "arguments": {}})
    return None


@contextlib.contextmanager
def _place(settings: Settings, arguments: Mapping[str, Any]) -> Iterator[tuple[str, Shelf | None]]:
    """Say where to work: a check without a database works in an empty one, removed afterwards."""
    path = Path(settings.database_url.removeprefix(SQLITE))
    if not arguments.get("check") or not settings.database_url.startswith(SQLITE) or path.exists():
        yield settings.database_url, shelf_of(settings)
        return
    with tempfile.TemporaryDirectory(prefix="otklik-") as folder:
        yield f"{SQLITE}{folder}/otklik.db", None


async def _after(
    first: First | None,
    operation: Operation,
    database: Database,
    now: datetime,
    /,
    **arguments: Any,
) -> Result:
    if first is not None:
        await first(database, now)
    return await operation(database, now, **arguments)


async def _here(
    url: str,
    shelf: Shelf | None,
    operation: Operation,
    now: Callable[[], Awaitable[datetime]],
    arguments: Mapping[str, Any],
    *,
    of_surveys: bool,
    every_page: bool,
) -> Result:
    async with open_database(url, shelf, every_page=every_page) as database:
        moment = await now()
        if not of_surveys:
            return await operation(database, moment, **arguments)
        from bot.operations.campaigns.preparing import prepare_all  # noqa: PLC0415 (a note needs none)
        from bot.operations.surveys import save_catalog  # noqa: PLC0415 (the same)

        await save_catalog(database, moment)
        result = await operation(database, moment, **arguments)
        await prepare_all(database, moment)
        return result


async def _answering(settings: Settings) -> Path | None:
    """Return where a program listens that answers; None where none does."""
    for path in sockets(settings):
        with contextlib.suppress(Refused, TimeoutError):
            async with asyncio.timeout(_ASKED_SECONDS):
                await _ask(path, {"operation": _THERE})
            return path
    return None


async def _ask(path: Path, request: Mapping[str, Any]) -> Result:
    asked = json.dumps(request).encode() + b"\n"
    if len(asked) > _LARGEST_REQUEST:
        raise Refused(_TOO_MUCH)
    try:
        reader, writer = await asyncio.open_unix_connection(path, limit=_LARGEST_REQUEST)
    except OSError as error:
        raise Refused(_SILENT) from error
    try:
        writer.write(asked)
        await writer.drain()
        line = await reader.readline()
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    if not line:
        raise Refused(mark("The running otklik stopped before it answered; try again."))
    answer = json.loads(line)
    if "error" in answer:
        raise Told(said=answer["error"])
    result: Result = answer["result"]
    return result


@asynccontextmanager
async def listening(
    settings: Settings,
    operations: Mapping[str, Offered],
    database: Database,
    now: Callable[[], datetime],
    done: Callable[[], None],
) -> AsyncIterator[None]:
    """Serve operations beside the database; `done` is called after each."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer = await _answered(operations, database, now(), reader)
        writer.write(json.dumps(answer).encode() + b"\n")
        with contextlib.suppress(OSError):
            await writer.drain()
            writer.close()
        done()

    await clear(settings)
    path = own_socket(settings)
    path.unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(serve, path, limit=_LARGEST_REQUEST)
    finally:
        os.umask(before)
    ours = path.stat().st_ino
    try:
        yield
    finally:
        server.close()
        with contextlib.suppress(OSError):
            if path.stat().st_ino == ours:
                path.unlink()


async def _answered(
    operations: Mapping[str, Offered],
    database: Database,
    now: datetime,
    asking: asyncio.StreamReader,
) -> Result:
    """Do what a request asks for; what is wrong is told in the language that it names."""
    texts = Texts("ru")
    try:
        request = json.loads(await asking.readline())
        texts = Texts(known_language(request.get("language")) or "ru")
        if request["operation"] == _THERE:
            return {"result": {}}
        user = str(request.get("user") or "")[:_LONGEST_NAME]
        operation = _noted(operations, request["operation"], user or None)
        return {"result": await operation(database, now, **request["arguments"])}
    except ToldError as error:
        return {"error": told(texts, error)}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {"error": texts("The running otklik is of another version; restart it.")}
