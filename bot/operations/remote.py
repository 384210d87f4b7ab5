"""One writer at a time: the command line asks the running bot to do what it may not do itself.

A program that holds the database listens on a Unix socket beside it (readable by its owner only);
a request is one JSON line, the answer another. Where nothing runs, the command opens the database
and does the work in its own process: the same function either way.
"""

import asyncio
import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.errors import BotError, Refused
from bot.operations.surveys import save_catalog
from bot.settings import SQLITE, Settings
from storage.database import Database, open_database
from storage.errors import DatabaseBusy, StorageError

_LONGEST_SOCKET_PATH = 100
_LARGEST_REQUEST = 64 * 1024 * 1024

Result = dict[str, Any]


Operation = Callable[..., Awaitable[Result]]
"""`(database, now, **arguments)`: does something or raises `Refused`; all of it JSON."""


def socket_path(settings: Settings) -> Path:
    """Return where the program that holds this database listens."""
    database = Path(settings.database_url.removeprefix(SQLITE)).absolute()
    beside = database.with_name(f"{database.name}.sock")
    if len(str(beside).encode()) <= _LONGEST_SOCKET_PATH:
        return beside
    name = hashlib.sha256(str(beside).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"otklik-{os.getuid()}-{name}.sock"


async def perform(
    settings: Settings,
    operations: Mapping[str, Operation],
    name: str,
    now: Callable[[], Awaitable[datetime]],
    arguments: Mapping[str, Any],
) -> Result:
    """Do an operation here, or in the running bot where one holds the database."""
    try:
        async with open_database(settings.database_url) as database:
            moment = await now()
            await save_catalog(database, moment)
            return await operations[name](database, moment, **arguments)
    except DatabaseBusy:
        if not socket_path(settings).exists():
            raise
    return await _ask(socket_path(settings), name, arguments)


async def _ask(path: Path, name: str, arguments: Mapping[str, Any]) -> Result:
    try:
        reader, writer = await asyncio.open_unix_connection(path, limit=_LARGEST_REQUEST)
    except OSError as error:
        message = "Another otklik holds the database but does not answer; stop it and try again."
        raise Refused(message) from error
    try:
        writer.write(json.dumps({"operation": name, "arguments": dict(arguments)}).encode() + b"\n")
        await writer.drain()
        answer = json.loads(await reader.readline() or b'{"error": "The running otklik stopped."}')
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    if "error" in answer:
        raise Refused(answer["error"])
    result: Result = answer["result"]
    return result


@asynccontextmanager
async def listening(
    settings: Settings,
    operations: Mapping[str, Operation],
    database: Database,
    now: Callable[[], datetime],
    done: Callable[[], None],
) -> AsyncIterator[None]:
    """Serve operations beside the database; `done` is called after each."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer: Result
        try:
            request = json.loads(await reader.readline())
            operation = operations[request["operation"]]
            answer = {"result": await operation(database, now(), **request["arguments"])}
        except (BotError, StorageError) as error:
            answer = {"error": str(error)}
        except (ValueError, KeyError, TypeError):
            answer = {"error": "The running otklik is of another version; restart it."}
        writer.write(json.dumps(answer).encode() + b"\n")
        with contextlib.suppress(OSError):
            await writer.drain()
            writer.close()
        done()

    if not settings.database_url.startswith(SQLITE):
        yield
        return
    path = socket_path(settings)
    path.unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(serve, path, limit=_LARGEST_REQUEST)
    finally:
        os.umask(before)
    try:
        yield
    finally:
        server.close()
        path.unlink(missing_ok=True)
