"""Crashes and failures of the disk at every write and flush of the main transactions."""

import asyncio
import shutil
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from storage.database import open_database
from storage.errors import StorageError
from tests.prove.tracing import Traced, trace

ROUNDS = 3
WRITES = ("pwrite64", "fdatasync")
_AT_ONCE = 2
Attempt = Callable[[str, str], Awaitable[bool]]
"""`(name for files, where the fault hits)`; returns whether all was well."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """How many points were tried, and at which of them something was wrong."""

    tried: int
    wrong: tuple[str, ...]


def kept(path: Path, said: Sequence[str]) -> bool:
    """Whether the database is whole and holds everything that was reported."""
    with closing(sqlite3.connect(path)) as database:
        whole = database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        seen = {row[0] for row in database.execute("SELECT update_id FROM seen_updates")}
        waiting = {row[0] for row in database.execute("SELECT update_id FROM inbox")}
        states = dict(database.execute("SELECT CAST(key AS INTEGER), state FROM outbox").fetchall())
    is_there: dict[str, Callable[[int], bool]] = {
        "kept": lambda number: number in seen,
        "handled": lambda number: number in states and number not in waiting,
        "claimed": lambda number: states.get(number) in {"sending", "sent"},
        "sent": lambda number: states.get(number) == "sent",
    }
    lines = [line.split() for line in said]
    return whole and all(is_there[stage](int(number)) for stage, number in lines)


async def new_database(path: Path) -> None:
    """Make an empty database with its tables."""
    async with open_database(f"sqlite:///{path}"):
        pass


async def count_transactions(folder: Path) -> Traced:
    """Return what the main transactions call where nothing hinders them."""
    path = folder / "counted.db"
    await new_database(path)
    return await _write(path, ROUNDS)


async def sweep_transactions(folder: Path, limit: int, fault: str, counted: Traced) -> Sweep:
    """Try a fault ("signal=SIGKILL", "error=ENOSPC"…) at up to `limit` points of each call."""
    empty = folder / "empty.db"
    await new_database(empty)

    async def attempt(name: str, where: str) -> bool:
        path = folder / f"{name}.db"
        shutil.copyfile(empty, path)
        return kept(path, (await _write(path, ROUNDS, where)).said)

    return await _sweep(counted, limit, fault, attempt)


async def sweep_migrations(folder: Path, limit: int) -> Sweep:
    """Kill the making of a database at up to `limit` points: the next start finishes it."""
    opening = asyncio.Lock()  # Alembic migrates one database at a time in a process

    async def attempt(name: str, where: str) -> bool:
        path = folder / f"{name}.db"
        await _write(path, 0, where)
        try:
            async with opening:
                await new_database(path)
        except StorageError:
            return False
        return kept(path, ())

    return await _sweep(await _write(folder / "counted.db", 0), limit, "signal=SIGKILL", attempt)


async def _sweep(counted: Traced, limit: int, fault: str, attempt: Attempt) -> Sweep:
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(call: str, number: int) -> str | None:
        where = f"{call}:{fault}:when={number}"
        async with places:
            return None if await attempt(f"{call}{number}", where) else where

    points = [(call, number) for call in WRITES for number in _chosen(_most(counted, call), limit)]
    found = await asyncio.gather(*(one(*point) for point in points))
    return Sweep(len(points), tuple(where for where in found if where is not None))


def _most(traced: Traced, name: str) -> int:
    """Return how often the busiest thread made a call: strace counts by thread."""
    by_thread = Counter(call.thread for call in traced.calls if call.name == name)
    return max(by_thread.values(), default=0)


def _chosen(last: int, limit: int) -> list[int]:
    """Return all numbers from 1 to `last`, or `limit` of them evenly spread."""
    step = max(1.0, last / limit)
    return sorted({int(1 + step * place) for place in range(limit) if 1 + step * place <= last})


async def _write(path: Path, rounds: int, where: str = "") -> Traced:
    log = path.with_suffix(".log")
    module, arguments = "tests.prove.writing", (str(path), str(rounds))
    return await trace(log, ",".join(WRITES), module, *arguments, inject=where)
