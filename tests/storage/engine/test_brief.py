"""On SQLite brief statements run on the event loop, and only where nothing can hold them up."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from storage.database import Database, Reader, open_database
from storage.engine.reading import scalar
from storage.engine.statements import brief
from storage.errors import ConstraintViolated
from storage.tables.people import accounts
from tests.storage.heard import hearing

_ONE = brief(select(accounts.c.name).where(accounts.c.id == 1))
_ALL = select(accounts.c.name)
_ADD = brief(insert(accounts))
_LOOP, _OTHER = "MainThread", "otklik-sql"


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(f"sqlite:///{tmp_path}/otklik.db") as database:
        async with database.transaction() as tx:
            await tx.run(_ADD, {"name": "a"})
        yield database


@pytest.fixture
def threads(file: Database) -> Iterator[list[str]]:
    """Give a list that fills with the threads on which something is executed."""
    del file  # it is opened before
    seen: list[str] = []

    with hearing(lambda _: seen.append(threading.current_thread().name)):
        yield seen


async def test_a_reading_of_brief_statements_needs_no_thread(
    file: Database, threads: list[str]
) -> None:
    async with file.reading() as reader:
        await reader.all(_ALL)
    threads.clear()
    async with file.reading() as reader:
        assert await reader.scalar(_ONE) == "a"
        assert await reader.several((_ONE, None, scalar), (_ONE, None, scalar)) == ["a", "a"]
    assert set(threads) == {_LOOP}


async def test_what_may_take_long_goes_to_the_thread(file: Database, threads: list[str]) -> None:
    async with file.reading() as reader:
        await reader.all(_ALL)
        await reader.several((_ONE, None, scalar), (_ALL, None, scalar))
        assert set(threads) == {_OTHER}


async def test_only_what_begins_to_write_and_the_commit_may_wait(
    file: Database, threads: list[str]
) -> None:
    async with file.transaction() as tx:
        await tx.scalar(_ONE)
        assert set(threads) == {_OTHER}, "another program may be writing"
        threads.clear()
        await tx.scalar(_ONE)
        tx.later(_ADD, {"name": "b"})
        await tx.scalar(_ONE)
        assert set(threads) == {_LOOP}
        threads.clear()
    assert set(threads) == {_OTHER}, "the disk may be slow"


async def test_a_brief_statement_comes_after_one_whose_caller_has_gone(
    file: Database, threads: list[str]
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    loop = asyncio.get_running_loop()
    async with file.reading() as reader:
        await reader.scalar(_ONE)

        def hold() -> None:
            begun.set()
            go_on.wait(60)

        _call(reader, "hold", hold)
        slow = asyncio.ensure_future(reader.scalar(select(func.hold())))
        await loop.run_in_executor(None, begun.wait, 60)
        slow.cancel()
        await asyncio.wait({slow})
        threads.clear()
        after = asyncio.ensure_future(reader.scalar(_ONE))
        await asyncio.sleep(0)
        assert threads == [], "the connection is at work"
        go_on.set()
        assert await after == "a"
        assert threads == [_OTHER]
        assert await reader.scalar(_ONE) == "a"
        assert threads == [_OTHER, _LOOP]


async def test_what_fails_on_the_loop_undoes_its_body_alone(file: Database) -> None:
    async def body() -> None:
        async with file.transaction() as tx:
            await tx.run(_ADD, {"name": "b"})
            await tx.run(_ADD, {"name": None})

    with pytest.raises(ConstraintViolated):
        await body()
    async with file.transaction() as tx:
        await tx.run(_ADD, {"name": "c"})
    async with file.reading() as reader:
        assert set(await reader.scalars(_ALL)) == {"a", "c"}


async def test_what_reads_a_table_may_not_be_called_brief(file: Database) -> None:
    async with file.reading() as reader:
        with pytest.raises(AssertionError, match="marked brief"):
            await reader.all(brief(_ALL))


def _call(reader: Reader, name: str, function: Callable[[], object]) -> None:
    """Let SQL call a function."""
    connection = reader._connection.sync_connection
    assert connection is not None
    raw: Any = connection.connection.driver_connection
    raw.create_function(name, 0, function)
