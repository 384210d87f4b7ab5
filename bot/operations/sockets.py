"""Where a program that works with a database listens for the command line.

On SQLite that is a socket beside the database: one program holds it. Nothing lies beside a server's
database, and several replicas may work with it: there each has a socket of its own in the system's
folder for such files, all named after the database's address without user and password.
"""

import asyncio
import contextlib
import hashlib
import os
import secrets
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from bot.settings import SQLITE, Settings
from storage.engine.sqlite.place import real

_LONGEST_SOCKET_PATH = 100
_POSTGRES_PORT = 5432


def own_socket(settings: Settings) -> Path:
    """Return where this program is to listen; on PostgreSQL a new name each time."""
    path = shared_name(settings)
    if settings.database_url.startswith(SQLITE):
        return path
    return path.with_name(f"{path.stem}-{os.getpid()}-{secrets.token_hex(2)}.sock")


def sockets(settings: Settings) -> Sequence[Path]:
    """Return where programs of ours listen, or once did."""
    path = shared_name(settings)
    if settings.database_url.startswith(SQLITE):
        there = [path]
    else:
        there = sorted(path.parent.glob(f"{path.stem}-*.sock"))
    return [one for one in there if _is_ours(one)]


async def clear(settings: Settings) -> None:
    """Remove what killed replicas left behind; on SQLite the next program takes the name over."""
    if settings.database_url.startswith(SQLITE):
        return
    for path in sockets(settings):
        try:
            _, writer = await asyncio.open_unix_connection(path)
        except ConnectionRefusedError:
            if not _runs(path):
                path.unlink(missing_ok=True)
        except OSError:
            continue
        else:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


def shared_name(settings: Settings) -> Path:
    """Return the name of a SQLite database's socket, or how those of a server's begin."""
    if not settings.database_url.startswith(SQLITE):
        return _elsewhere(_server_of(settings.database_url))
    database = real(Path(settings.database_url.removeprefix(SQLITE)))
    beside = database.with_name(f"{database.name}.sock")
    if len(str(beside).encode()) <= _LONGEST_SOCKET_PATH:
        return beside
    return _elsewhere(str(beside))


def _elsewhere(what: str) -> Path:
    name = hashlib.sha256(what.encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"otklik-{os.getuid()}-{name}.sock"


def _server_of(url: str) -> str:
    address = urlsplit(url)
    said = dict(parse_qsl(address.query))
    host = said.get("host") or address.hostname or ""
    port = said.get("port") or address.port or _POSTGRES_PORT
    return f"{host}:{port}{address.path}"


def _is_ours(path: Path) -> bool:
    """Tell whether our own program listens there, since the system's folder is open to all."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISSOCK(found.st_mode) and found.st_uid == os.getuid()


def _runs(path: Path) -> bool:
    """Tell whether the process in a socket's name still runs: it may just be about to listen.

    A process that we may not signal is another user's: the number was given again.
    """
    try:
        os.kill(int(path.stem.split("-")[-2]), 0)
    except (ValueError, ProcessLookupError, PermissionError):
        return False
    return True
