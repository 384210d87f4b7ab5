"""`python -m tests.bench.sizes [ENGINE …]`: what a company's rows weigh, table by table.

The company of the benches (100,000 customers, 800,000 invitations of two years, 10⁶ answers), and
for each invitation the message that brought it, its words forgotten. Bytes are of the file, or of
what PostgreSQL says of table and indexes; those of empty tables stand in no row.
"""

import asyncio
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import chdir, closing
from pathlib import Path
from typing import NamedTuple

import asyncpg

from storage.database import open_database, open_reading
from storage.engine.columns import metadata
from storage.moving import moving
from storage.moving.paging import pages
from tests.bench.company import Shape, copied, throwaway
from tests.postgres import PostgresServer, running

_AT_ONCE = 10_000
_LEAST = 1_000
"""Rows of a table that is told of: pages that are not full say nothing."""
_MESSAGES = """
INSERT INTO outbox (key, channel, address, person_id, audience, priority, due_at, expires_at, kind,
  content, invitation_id, state, attempts, created_at, claimed_at, settled_at, message_id)
SELECT 'invitation:' || i.id, a.channel, a.address, a.person_id, 'customer', 50, i.sent_at,
  i.closes_at, 'show', '{}', i.id, 'sent', 1, i.created_at, i.sent_at, i.sent_at, i.id
FROM invitations AS i JOIN addresses AS a ON a.person_id = i.person_id
"""
_BYTES = "SELECT m.tbl_name, sum(s.pgsize) FROM dbstat AS s JOIN sqlite_master AS m USING (name)"
_POSTGRES_BYTES = """
SELECT relname, pg_total_relation_size(oid) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


class Weight(NamedTuple):
    """The rows of a table, and the bytes that they and their indexes take."""

    rows: int
    bytes: int


def main(engines: list[str]) -> None:
    """Print a row a table, for each of the engines named, or for both."""
    with tempfile.TemporaryDirectory(prefix="otklik-sizes-") as folder, chdir(folder):
        path = _filled(Path(folder))
        for engine in engines or _WEIGHED:
            _print(engine, _WEIGHED[engine](path))


def _filled(folder: Path) -> Path:
    path = copied(folder, Shape(people=int(os.environ.get("PEOPLE", "100000"))))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        throwaway(connection)
        connection.execute(_MESSAGES)
    return path


def _on_sqlite(path: Path) -> Mapping[str, Weight]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        throwaway(connection)
        connection.execute("VACUUM")
        found = dict(connection.execute(f"{_BYTES} GROUP BY 1").fetchall())
    return {name: Weight(rows, found[name]) for name, rows in _rows(path).items()}


def _on_postgres(path: Path) -> Mapping[str, Weight]:
    return asyncio.run(_moved(path))


async def _moved(path: Path) -> Mapping[str, Weight]:
    with running() as server:
        async with server.database(empty=True) as url:
            found = await moved(server, path, url)
    return {name: Weight(rows, found[name]) for name, rows in _rows(path).items()}


async def moved(server: PostgresServer, path: Path, url: str) -> Mapping[str, int]:
    """Move a file's rows, by COPY; return what each table weighs then."""
    name = url.partition("@/")[2].partition("?")[0]
    async with (
        open_reading(f"sqlite:///{path}") as source,
        open_database(url, unfinished=True) as target,
    ):
        await moving.begin(source, target)
        connection = await asyncpg.connect(host=str(server.folder), user="postgres", database=name)
        try:
            for table in metadata.sorted_tables:
                async for page in pages(source, table, None, _AT_ONCE):
                    await connection.copy_records_to_table(
                        table.name,
                        records=[tuple(row.values()) for row in page],
                        columns=list(page[0]),
                    )
            await moving.finish(path, target)
            await connection.execute("ANALYZE")
            return {one[0]: one[1] for one in await connection.fetch(_POSTGRES_BYTES)}
        finally:
            await connection.close()


def _rows(path: Path) -> Mapping[str, int]:
    with closing(sqlite3.connect(path)) as connection:
        counted = {
            table.name: connection.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]
            for table in metadata.sorted_tables
        }
    return {name: rows for name, rows in counted.items() if rows >= _LEAST}


def _print(engine: str, weights: Mapping[str, Weight]) -> None:
    for name, weight in sorted(weights.items(), key=lambda one: -one[1].bytes):
        each = weight.bytes / weight.rows
        sys.stdout.write(f"{engine:<11} {name:<16} {weight.rows:>9} rows {each:>7.0f} bytes each\n")
    whole = sum(weight.bytes for weight in weights.values())
    sys.stdout.write(f"{engine:<11} {whole / 2**20:.0f} MB in all\n")
    sys.stdout.flush()


_WEIGHED: Mapping[str, Callable[[Path], Mapping[str, Weight]]] = {
    "sqlite": _on_sqlite,
    "postgresql": _on_postgres,
}

if __name__ == "__main__":
    main(sys.argv[1:])
