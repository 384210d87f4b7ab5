"""A shelf of copies beside a database that has rows."""

import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from alembic import command
from sqlalchemy import Connection, insert

from storage.copies.shelf import Copy, Shelf, surplus
from storage.database import open_database
from storage.engine import schema
from storage.engine.sqlite import files
from storage.tables.people import accounts
from storage.tables.surveys import definitions
from tests.storage.below import below

NOW = datetime(2026, 11, 22, 4, 0, 7, tzinfo=UTC)


ROOT = Path(__file__).parents[3]


SURVEY = {
    "key": "nps",
    "version": "1",
    "audience": "customers",
    "kind": "relationship",
    "anonymous": False,
    "content": "{}",
    "published_at": NOW,
}


CANARY = "the-canary-sang-" * 20


class Usage(NamedTuple):
    """What shutil tells of a disk."""

    total: int
    used: int
    free: int


def url(shelf: Shelf) -> str:
    return f"sqlite:///{shelf.database}"


async def fill(shelf: Shelf, rows: int = 300) -> None:
    async with open_database(url(shelf)) as database, database.transaction() as tx:
        await tx.run(insert(accounts), [{"name": f"{n} {'x' * 200}"} for n in range(rows)])


async def fill_older(shelf: Shelf) -> str:
    """Make a database with data as it was one migration ago; return its revision."""
    older = schema.revisions()[1]

    def migrate(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql(f"PRAGMA application_id = {files.APPLICATION_ID}")
        command.upgrade(schema.config(connection), older)
        connection.execute(insert(accounts), [{"name": f"{n}"} for n in range(300)])
        connection.execute(insert(definitions).values(SURVEY))
        connection.exec_driver_sql("COMMIT")

    async with below(url(shelf)) as connection:
        await connection.run(migrate)
    return older


def count_in(file: Path) -> int:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT count(*) FROM accounts").fetchone()[0])


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def spoil(file: Path) -> None:
    content = bytearray(file.read_bytes())
    for page in range(40, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    file.write_bytes(content)


def names_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if not file.name.endswith(".lock"))


COPYING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from storage.copies.backups import Shelf, make
make(Shelf(Path(sys.argv[1]), Path(sys.argv[2])), "daily", datetime.now(UTC))
"""


def killed_in_the_middle(shelf: Shelf) -> bool:
    """Kill a process as soon as its copy has begun; False where it was ready before."""
    arguments = [sys.executable, "-c", COPYING, str(shelf.database), str(shelf.folder)]
    with subprocess.Popen(arguments, cwd=ROOT) as process:
        while process.poll() is None and not list(shelf.folder.glob("*.part")):
            pass
        process.kill()
    return process.returncode == -signal.SIGKILL


def daily(days_ago: int, hour: int = 4) -> Copy:
    made_at = NOW.replace(hour=hour) - timedelta(days=days_ago)
    return Copy(Path(f"{days_ago}-{hour}"), "daily", made_at, 1)


def names_kept(copies: Sequence[Copy], days: int = 7, weeks: int = 4) -> list[str]:
    gone = surplus(copies, days, weeks)
    return [copy.path.name for copy in copies if copy not in gone]
