"""The database that a run of the tests is on: SQLite, or PostgreSQL (`make test ENGINE=…`).

Tests ask here for the URL of a folder's database, and look into it here. What is about one engine
says so, and why, by `of_sqlite`. A test marked `on_both` runs on each engine in every run, as the
tests of the storage do: one of each fault in docs/delivery.md, and the longest paths.
"""

import asyncio
import os
import sqlite3
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import asyncpg
import pytest
from sqlalchemy import make_url

from bot.settings import SQLITE
from tests import postgres

T = TypeVar("T")

ENGINE: Final = os.environ.get("ENGINE", "")
"""The engine that was asked for; without one, tests of the storage run on both."""
ENGINES: Final = (ENGINE,) if ENGINE else ("sqlite", "postgresql")
ON_POSTGRES: Final = ENGINE == "postgresql"
"""True where all tests run on PostgreSQL."""
on_both: Final = pytest.mark.on_both
"""Mark tests that run on both engines where none was asked for."""


def on_postgres() -> bool:
    """Tell whether the present test is on PostgreSQL."""
    return os.environ.get("ENGINE") == "postgresql"


@contextmanager
def being_on(engine: str) -> Iterator[None]:
    """Run a test on an engine; on PostgreSQL its databases are dropped when it ends."""
    with pytest.MonkeyPatch.context() as patch:
        if engine:
            patch.setenv("ENGINE", engine)
        before = set(postgres.made())
        yield
        of_test = postgres.made() - before
    if of_test:
        server = postgres.started()
        server.made -= of_test
        waited(server.drop(*of_test))


def of_sqlite(why: str) -> pytest.MarkDecorator:
    """Mark tests of SQLite itself."""
    return pytest.mark.skipif(ON_POSTGRES, reason=f"of SQLite itself: {why}")


def database_in(folder: Path | str) -> str:
    """Return the URL of a folder's database, which is new at first."""
    if not on_postgres():
        return f"{SQLITE}{folder}/otklik.db"
    return waited(postgres.started().of_folder(str(folder)))


def place_of(url: str) -> Path:
    """Return the file beside which a database's keys lie, in the present folder for a server's."""
    if url.startswith(SQLITE):
        return Path(url.removeprefix(SQLITE))
    return Path.cwd() / (make_url(url).database or "")


def waited(work: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine returns, also where a loop is running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def rows(url: str, sql: str) -> list[tuple[Any, ...]]:
    """Return what a query finds in a database, beside a bot that may be running."""
    return [tuple(row.values()) for row in named_rows(url, sql)]


def named_rows(url: str, sql: str) -> list[dict[str, Any]]:
    """Return the same by the columns' names."""
    if url.startswith(SQLITE):
        path = url.removeprefix(SQLITE)
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql)]
    return waited(_named_rows(url, sql))


async def _named_rows(url: str, sql: str) -> list[dict[str, Any]]:
    parsed = make_url(url)
    connection = await asyncpg.connect(
        host=str(parsed.query["host"]), user=parsed.username, database=parsed.database
    )
    try:
        return [dict(row) for row in await connection.fetch(sql)]
    finally:
        await connection.close()


def contents(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of a database, by table, but for those that a leader's beat changes."""
    tables = (
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if url.startswith(SQLITE)
        else "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    )
    names = {name for (name,) in rows(url, tables)} - {"leadership", "replicas"}
    return {name: rows(url, f"SELECT * FROM {name}") for name in sorted(names)}
