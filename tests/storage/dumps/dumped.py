"""What tests of dumps share: a database with rows, its shelf, and programs that go wrong."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert

from storage.copies.shelf import Shelf
from storage.database import open_database
from storage.tables.people import accounts
from tests.postgres import PostgresServer

NOW = datetime(2026, 11, 22, 4, 0, 7, tzinfo=UTC)
ROWS = 300


def of(url: str, folder: Path, **options: object) -> Shelf:
    """Return the shelf of a server's database beside `folder`."""
    shelf = Shelf(folder / "otklik", folder / "backups", server=url)
    return Shelf(**{**{name: getattr(shelf, name) for name in shelf.__slots__}, **options})


@asynccontextmanager
async def filled(server: PostgresServer, folder: Path) -> AsyncIterator[Shelf]:
    """Yield the shelf of a database with rows."""
    async with server.database() as url:
        async with open_database(url) as database, database.transaction() as tx:
            names = [{"name": f"{n}\t\\.\nCOPY {n}"} for n in range(ROWS)]
            await tx.run(insert(accounts), names)
        yield of(url, folder)


def on_path(patch: pytest.MonkeyPatch, *folders: Path) -> None:
    """Let programs be looked for in these folders alone, and what scripts need."""
    patch.setattr("storage.dumps.programs._USUAL", ())
    patch.setenv("PATH", os.pathsep.join([*map(str, folders), "/usr/bin", "/bin"]))


def replaced(folder: Path, programs: Path, script: str, name: str = "pg_dump") -> Path:
    """Make a folder of the server's programs in which one is a script; REAL is the true one."""
    folder.mkdir()
    for program in ("pg_dump", "pg_restore", "psql"):
        (folder / program).symlink_to(programs / program)
    (folder / name).unlink()
    whole = (
        f'#!/bin/bash\nREAL={programs / name}\n[ "$1" = --version ] && exec $REAL "$@"\n'
        'for one in "$@"; do case $one in --file=*) OUT=${one#--file=};; esac; done\n'
        f"{script}\n"
    )
    (folder / name).write_text(whole)
    (folder / name).chmod(0o700)
    return folder
