"""Every test of a topic runs on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database, open_database
from tests.engines import ENGINES
from tests.postgres import PostgresServer, postgres_server
from tests.storage.world import World

__all__ = ["postgres_server"]


@pytest.fixture(autouse=True, scope="module")
def _no_power_cuts(request: pytest.FixtureRequest) -> None:
    """Wait for the disk only where the engine itself is tested."""
    if "engine" not in request.path.parts:
        request.getfixturevalue("no_power_cuts")


@pytest.fixture(params=ENGINES)
async def url(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    monkeypatch.chdir(tmp_path)  # where the keys of a PostgreSQL database go
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/otklik.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    async with server.database() as address:
        yield address


@pytest.fixture(params=ENGINES)
async def empty_url(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """A database without a table."""
    monkeypatch.chdir(tmp_path)
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/otklik.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    async with server.database(empty=True) as address:
        yield address


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with open_database(url) as opened:
        yield opened


@pytest.fixture
async def world(database: Database) -> World:
    """A company with two managers, three customers and the catalog."""
    return await World.build(database)
