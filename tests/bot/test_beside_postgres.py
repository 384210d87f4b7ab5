"""The command line beside the running bot on PostgreSQL, as README promises."""

import asyncio
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.upkeep.doctor.examining import examine
from bot.operations.sockets import clear, shared_name, sockets
from bot.settings import Settings
from tests.bot.test_operator import otklik
from tests.bot.world import ANNA, small_world
from tests.postgres import PostgresServer, postgres_server

__all__ = ["postgres_server"]

EVENT = ("event", "deal-closed", "--customer", "C2", "--deal", "D1")


async def test_every_command_is_done_by_the_bot_that_holds_the_database(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where the keys go
    async with postgres_server.database() as url, small_world(tmp_path, (), url) as world:
        settings = {"database_url": url, "clock_url": world.settings.clock_url or ""}
        async with world.bot():
            await world.arrive("C1")
            said = []
            for command in (
                ("links", "--again"),
                ("campaign", "start", "nps"),
                EVENT,
                ("why", "C1"),
            ):
                done = await asyncio.to_thread(otklik, tmp_path, *command, **settings)
                assert done.returncode == 0, done.stderr
                said.append(done.stdout)
            assert "https://t.me/" in said[0]
            assert "Готовность рекомендовать" in said[3]
            await world.settle()
            assert world.labels(ANNA)[:2] == ["0", "1"]
            found, _ = await examine(world.settings)
            subjects = {str(one.subject) for one in found}
            assert "replicas" in subjects
            assert "SQLite" not in subjects
            (path,) = sockets(world.settings)
            assert path.stat().st_mode & 0o077 == 0
        assert not path.exists()


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """Give a folder with a short name: a socket's path has 107 bytes at most."""
    with tempfile.TemporaryDirectory(prefix="s") as name:
        yield Path(name)


async def test_a_killed_replica_s_socket_is_removed_and_no_other(
    short_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(short_folder))
    settings = Settings(_env_file=None, database_url="postgresql+asyncpg://db.example/otklik")
    stem = shared_name(settings).stem
    nobody, here = (short_folder / f"{stem}-{pid}-0000.sock" for pid in (2**22 + 1, os.getpid()))
    other = short_folder / f"{stem}-plain-file.sock"
    other.touch()
    for path in (nobody, here):
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(str(path))
    await clear(settings)
    assert sockets(settings) == [here], "the process runs: it may be about to listen"
    assert other.exists()


def test_the_socket_s_name_holds_no_secret_and_no_user() -> None:
    def at(url: str) -> Path:
        return shared_name(Settings(_env_file=None, database_url=f"postgresql+asyncpg://{url}"))

    assert at("a:secret@db.example/otklik") == at("b@db.example:5432/otklik?sslmode=require")
    assert at("a@db.example/otklik") != at("a@db.example/other")
    assert at("a@/otklik?host=/run") != at("a@/otklik?host=/srv")
