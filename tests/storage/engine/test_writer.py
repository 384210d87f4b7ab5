"""One connection writes; bodies share commits and never each other's failures."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from storage.database import Database, open_database
from storage.engine.connection import Connection, completed
from storage.errors import (
    ConstraintViolated,
    NaiveMoment,
    StorageError,
    TransactionOver,
    UnstorableText,
)
from storage.tables.people import accounts, links
from tests.engines import database_in, of_sqlite
from tests.storage.engine.accounts import add, commit, names
from tests.storage.engine.statements import statements_of
from tests.storage.world import NOW


async def test_what_a_block_did_is_there_when_it_ends(database: Database) -> None:
    await commit(database, "a")
    assert await names(database) == {"a"}


async def test_nothing_is_seen_before_the_commit(database: Database) -> None:
    async with database.transaction() as tx:
        await add(tx, "a")
        assert await names(database) == set()


async def test_concurrent_bodies_share_commits(database: Database) -> None:
    with statements_of(database) as seen:
        await asyncio.gather(*(commit(database, str(number)) for number in range(50)))
    assert len(await names(database)) == 50
    assert seen.count("COMMIT") <= 3
    assert seen.count("SAVEPOINT body") == 50


async def test_a_fence_is_asked_anew_only_where_it_may_have_fallen(database: Database) -> None:
    fence = "SELECT 17"
    led = database.fenced(fence)
    with statements_of(database) as seen:
        bodies = enumerate((led, led, database, led))
        await asyncio.gather(*(commit(one, str(number)) for number, one in bodies))
        await commit(led, "later")
    told = {"SAVEPOINT body": "body", fence: "fence", "COMMIT": "commit"}
    assert " ".join(told[sql] for sql in seen if sql in told) == (
        "body fence body body body fence commit body fence commit"
    )


async def test_a_body_alone_commits_at_once(database: Database) -> None:
    with statements_of(database) as seen:
        await commit(database, "a")
        await commit(database, "b")
    assert seen.count("COMMIT") == 2


async def test_bodies_never_overlap(database: Database) -> None:
    inside = 0

    async def body(name: str) -> None:
        nonlocal inside
        async with database.transaction() as tx:
            inside += 1
            assert inside == 1
            await add(tx, name)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(body(str(number)) for number in range(20)))


async def test_an_exception_undoes_its_own_body_only(database: Database) -> None:
    async def body(number: int) -> None:
        async with database.transaction() as tx:
            await add(tx, str(number))
            if number % 3 == 0:
                raise ValueError(number)

    found = await asyncio.gather(*map(body, range(12)), return_exceptions=True)
    failed = {number for number, result in enumerate(found) if isinstance(result, ValueError)}
    assert failed == {0, 3, 6, 9}
    assert await names(database) == {str(number) for number in set(range(12)) - failed}


async def test_a_broken_rule_undoes_its_own_body_only(database: Database) -> None:
    await commit(database, "a")

    async def twice() -> None:
        async with database.transaction() as tx:
            await add(tx, "b")
            await add(tx, "a")

    results = await asyncio.gather(
        commit(database, "c"), twice(), commit(database, "d"), return_exceptions=True
    )
    assert isinstance(results[1], ConstraintViolated)
    assert "accounts" in str(results[1])
    assert await names(database) == {"a", "c", "d"}


async def test_a_cancellation_inside_a_body_undoes_that_body_only(database: Database) -> None:
    entered = asyncio.Event()

    async def endless() -> None:
        async with database.transaction() as tx:
            await add(tx, "lost")
            entered.set()
            await asyncio.Event().wait()

    first = asyncio.create_task(commit(database, "first"))
    task = asyncio.create_task(endless())
    await entered.wait()
    later = [asyncio.create_task(commit(database, name)) for name in ("x", "y")]
    task.cancel()
    await asyncio.gather(first, *later)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await names(database) == {"first", "x", "y"}


async def test_a_cancellation_in_mid_statement_leaves_the_writer_whole(database: Database) -> None:
    """`beside` is in the same batch: a connection thrown away would take it along."""

    async def busy(name: str, entered: asyncio.Event) -> None:
        async with database.transaction() as tx:
            for number in range(50):
                await add(tx, f"{name}{number}")
                entered.set()

    for delay in range(12):
        entered = asyncio.Event()
        beside = asyncio.create_task(commit(database, f"kept {delay}"))
        task = asyncio.create_task(busy(f"{delay}-", entered))
        await entered.wait()
        for _ in range(delay):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await beside
    assert await names(database) == {f"kept {delay}" for delay in range(12)}


async def test_waiting_bodies_may_be_cancelled(database: Database) -> None:
    async with database.transaction() as tx:
        waiting = [asyncio.create_task(commit(database, f"w{number}")) for number in range(5)]
        await asyncio.sleep(0)
        for task in waiting[:3]:
            task.cancel()
        await add(tx, "a")
    await asyncio.gather(*waiting, return_exceptions=True)
    assert await names(database) == {"a", "w3", "w4"}


async def test_a_failed_commit_fails_its_whole_batch_and_no_later_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = database._writer
    assert writer is not None
    run = writer._run

    async def broken(sql: str) -> None:
        await run("not a statement" if sql == "COMMIT" else sql)

    monkeypatch.setattr(writer, "_run", broken)
    results = await asyncio.gather(
        *(commit(database, f"lost {number}") for number in range(5)), return_exceptions=True
    )
    assert all(isinstance(result, StorageError) for result in results)
    assert len({id(result) for result in results}) == 5
    monkeypatch.undo()
    await commit(database, "kept")
    assert await names(database) == {"kept"}


@of_sqlite("PostgreSQL's foreign keys are checked at once")
async def test_a_commit_that_the_database_refuses_is_reported(tmp_path: Path) -> None:
    """SQLite checks deferred foreign keys at the commit; PostgreSQL's are immediate."""

    async def orphan(database: Database) -> None:
        async with database.transaction() as tx:
            await tx.run(text("PRAGMA defer_foreign_keys = ON"))
            row = {"token_hash": "x", "kind": "open", "person_id": 404, "created_at": NOW}
            await tx.run(insert(links).values(row))

    async with open_database(database_in(tmp_path)) as database:
        bodies = orphan(database), commit(database, "beside")
        results = await asyncio.gather(*bodies, return_exceptions=True)
        assert [type(result) for result in results] == [ConstraintViolated] * 2
        await commit(database, "after")
        assert await names(database) == {"after"}


async def _cut(connection: Connection) -> None:
    """Close the driver's connection below everything that believes it open."""
    closing = await connection.run(lambda sync: sync.connection.driver_connection.close())
    if closing is not None:
        await closing


async def test_a_lost_connection_fails_its_batch_and_is_replaced(database: Database) -> None:
    writer = database._writer
    assert writer is not None

    async def cut() -> None:
        async with database.transaction() as tx:
            await add(tx, "cut")
            assert writer._connection is not None
            await _cut(writer._connection)
            await add(tx, "never")

    results: Sequence[object] = await asyncio.gather(
        commit(database, "before"), cut(), return_exceptions=True
    )
    assert any(isinstance(result, StorageError) for result in results)
    await commit(database, "after")
    assert "after" in await names(database)
    assert "cut" not in await names(database)


async def test_a_transaction_inside_another_is_refused_not_waited_for(database: Database) -> None:
    async with database.transaction() as tx:
        with pytest.raises(TransactionOver):
            async with database.transaction():
                pass
        await add(tx, "a")
    assert await names(database) == {"a"}


async def test_a_transaction_cannot_be_used_after_its_block(database: Database) -> None:
    async with database.transaction() as tx:
        await add(tx, "a")
    with pytest.raises(TransactionOver):
        await add(tx, "b")
    async with database.reading() as reader:
        pass
    with pytest.raises(TransactionOver):
        await reader.scalar(select(accounts.c.id))


async def test_a_reader_sees_one_state_throughout(database: Database) -> None:
    async with database.reading() as reader:
        assert await reader.scalars(select(accounts.c.name)) == []
        await commit(database, "a")
        assert await reader.scalars(select(accounts.c.name)) == []
    assert await names(database) == {"a"}


async def test_a_reader_cannot_write(database: Database) -> None:
    adding = insert(accounts).values(name="a").returning(accounts.c.id)
    async with database.reading() as reader:
        with pytest.raises(StorageError):
            await reader.scalar(adding)
    assert await names(database) == set()


async def test_a_cancelled_reader_gives_its_connection_back(database: Database) -> None:
    for _ in range(20):
        task = asyncio.create_task(names(database))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert await names(database) == set()


async def test_what_nobody_takes_is_given_back_whole_however_often_one_is_cancelled() -> None:
    given: list[str] = []

    async def connect() -> str:
        await asyncio.sleep(0)
        return "a connection"

    async def close(connection: str) -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        given.append(connection)

    task = asyncio.create_task(completed(connect(), close))
    await asyncio.sleep(0)
    while not task.done():
        task.cancel()
        await asyncio.sleep(0)
    assert task.cancelled()
    assert given == ["a connection"]


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b"])
async def test_text_that_cannot_be_stored_is_refused(database: Database, name: str) -> None:
    with pytest.raises(UnstorableText) as caught:
        await commit(database, name)
    assert caught.value.position == 1
    await commit(database, "😀 \u202e שלום")
    assert await names(database) == {"😀 \u202e שלום"}


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b"])
async def test_one_of_many_texts_that_cannot_be_stored_is_refused(
    database: Database, name: str
) -> None:
    with pytest.raises(UnstorableText) as caught:
        async with database.transaction() as tx:
            await tx.many(insert(accounts), {"name": ["before", name]})
    assert caught.value.position == 1
    assert await names(database) == set()


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = NOW.replace(tzinfo=None)
    adding = insert(links).values(token_hash="x", kind="open", created_at=naive)
    async with database.transaction() as tx:
        with pytest.raises(NaiveMoment):
            await tx.run(adding)


async def test_what_was_closed_opens_no_more(tmp_path: Path) -> None:
    async with open_database(database_in(tmp_path)) as database:
        await commit(database, "in time")
    with pytest.raises(TransactionOver, match="closed"):
        await commit(database, "too late")
