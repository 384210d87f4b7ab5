"""Of several replicas one leads: another takes over, and what the earlier one began is fenced."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, cast

import asyncpg
import pytest
from sqlalchemy import insert, make_url, select, text

from storage.database import Database, open_database
from storage.engine.postgres import source
from storage.engine.schema import revisions
from storage.errors import DatabaseBusy, NotLeading, StorageError
from storage.people import workspace
from storage.people.workspace import Workspace
from storage.replicas import lease
from storage.replicas.errors import KeysApart
from storage.replicas.seat import LeadTerm, OnlySeat, SharedSeat, seated
from storage.tables.people import accounts
from tests.engines import database_in, of_sqlite
from tests.postgres import PostgresServer, postgres_server

__all__ = ["postgres_server"]

PATIENCE = 10.0


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(lease, "BEAT_SECONDS", 0.02)
    monkeypatch.setattr(lease, "LEASE_SECONDS", 0.4)
    monkeypatch.setattr(lease, "MARGIN_SECONDS", 0.1)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def url(postgres_server: PostgresServer) -> AsyncIterator[str]:
    async with postgres_server.database() as address:
        yield address


@asynccontextmanager
async def _replica(
    url: str, name: str, woken: Callable[[], None] = lambda: None
) -> AsyncIterator[tuple[Database, SharedSeat]]:
    async with open_database(url) as database, seated(database, woken, name) as seat:
        yield database, cast("SharedSeat", seat)


async def _leads(seat: SharedSeat) -> LeadTerm:
    async with asyncio.timeout(PATIENCE):
        return await seat.taken()


async def _add(database: Database, name: str) -> None:
    async with database.transaction() as tx:
        await tx.run(insert(accounts).values(name=name))


async def _names(database: Database) -> list[str]:
    async with database.reading() as reader:
        return list(await reader.scalars(select(accounts.c.name).order_by(accounts.c.name)))


def _freeze(seat: SharedSeat, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a replica beat no more, as a stopped process does."""

    async def nothing(_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(seat, "_beat", nothing)


async def test_another_takes_over_and_the_earlier_one_can_write_nothing(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _replica(url, "a") as (_, first), _replica(url, "b") as (other, second):
        term = await _leads(first)
        await _add(term.database, "of a")
        assert term.may_send()
        assert not second.leads
        _freeze(first, monkeypatch)
        next_term = await _leads(second)
        assert not term.may_send()
        assert next_term.may_send()
        with pytest.raises(NotLeading):
            await _add(term.database, "late")
        await _add(next_term.database, "of b")
        assert await _names(other) == ["of a", "of b"]
        async with other.reading() as reader:
            found = await lease.standing(reader)
        assert found is not None
        assert (found.names, found.leader) == (["a", "b"], "b")


async def test_the_fence_spoils_nothing_that_shares_its_commit(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _replica(url, "a") as (database, first), _replica(url, "b") as (_, second):
        term = await _leads(first)
        _freeze(first, monkeypatch)
        await _leads(second)
        done = await asyncio.gather(
            _add(database, "posted 1"),
            _add(term.database, "late"),
            _add(database, "posted 2"),
            return_exceptions=True,
        )
        assert [type(one) for one in done] == [type(None), NotLeading, type(None)]
        assert await _names(database) == ["posted 1", "posted 2"]


async def test_who_leaves_hands_over_at_once(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "LEASE_SECONDS", 600.0)
    async with AsyncExitStack() as stack:
        _, first = await stack.enter_async_context(_replica(url, "a"))
        assert (await _leads(first)).number == 1
        async with _replica(url, "b") as (_, second):
            assert not second.leads
            await stack.aclose()
            assert (await _leads(second)).number == 2


async def test_a_lease_that_nobody_took_goes_on(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with _replica(url, "a") as (_, first):
        term = await _leads(first)
        beat, resumed = first._beat, asyncio.Event()

        async def waiting(line: source.PostgresLine) -> None:
            await resumed.wait()
            await beat(line)

        monkeypatch.setattr(first, "_beat", waiting)
        async with asyncio.timeout(PATIENCE):
            while term.may_send():
                await asyncio.sleep(0.01)
            resumed.set()
            while not term.may_send():
                await asyncio.sleep(0.01)
        assert not term.over.is_set()


async def test_a_commit_wakes_who_leads(url: str) -> None:
    woken = asyncio.Event()
    async with _replica(url, "a", woken.set) as (_, first), _replica(url, "b") as (other, _second):
        term = await _leads(first)
        woken.clear()
        await _add(term.database, "its own")
        await _add(other, "another's")
        async with asyncio.timeout(PATIENCE):
            await woken.wait()


async def test_a_program_that_stands_still_in_a_transaction_is_undone(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quickly = source._SETTINGS.replace(f"'{source._FROZEN_SECONDS}s'", "'50ms'")
    async with open_database(url) as other:
        monkeypatch.setattr(source, "_SETTINGS", quickly)
        async with open_database(url) as frozen:
            begun = asyncio.Event()

            async def stands_still() -> None:
                async with frozen.transaction() as tx:
                    await tx.run(insert(accounts).values(name="half done"))
                    begun.set()
                    await written
                    await tx.scalar(select(1))

            still = asyncio.create_task(stands_still())
            written = asyncio.ensure_future(_after(begun, other))
            async with asyncio.timeout(PATIENCE):
                await written
            with pytest.raises(StorageError):
                await still
            assert await _names(other) == ["done"]
            await _add(frozen, "later")


@pytest.mark.parametrize(
    "said",
    [
        f"BEGIN; SELECT pg_advisory_xact_lock({source._WRITING})",
        f"SELECT pg_advisory_lock({source._WRITING})",
    ],
)
async def test_a_program_that_stands_still_between_two_messages_keeps_nobody_waiting(
    url: str, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    async with _replica(url, "a") as (_, first), _replica(url, "b") as (_, second):
        term = await _leads(first)
        frozen = await _in_mid_statement(url, said)
        closed = asyncio.Event()
        frozen.add_termination_listener(lambda _: closed.set())
        _freeze(first, monkeypatch)
        writing = asyncio.create_task(_add(term.database, "of a"))
        monkeypatch.setattr(source, "_FROZEN_SECONDS", 0.05)
        await _leads(second)
        with suppress(NotLeading):
            await writing
        async with asyncio.timeout(PATIENCE):
            await closed.wait()


async def test_a_program_that_stands_still_in_mid_statement_keeps_no_other_from_its_start(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_database(url):
        said = f"BEGIN; SELECT pg_advisory_xact_lock({source._WRITING})"
        frozen = await _in_mid_statement(url, said)
        monkeypatch.setattr(source, "_LOOK_SECONDS", 0.05)
        monkeypatch.setattr(source, "_FROZEN_SECONDS", 0.05)
        loop = asyncio.get_running_loop()
        too_late = loop.call_later(PATIENCE, frozen.terminate)
        async with open_database(url) as other:
            await _add(other, "done")
            assert await _names(other) == ["done"]
        assert loop.time() < too_late.when()
        too_late.cancel()


async def test_who_copies_or_migrates_is_waited_for_however_long_it_takes(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_database(url):
        copying = await _session(url)
        await copying.execute(f"SELECT pg_advisory_lock({source._WRITING})")
        monkeypatch.setattr(source, "_LOOK_SECONDS", 0.05)
        monkeypatch.setattr(source, "_FROZEN_SECONDS", 0.0)
        looked, looking = asyncio.Event(), source._ended

        async def ended(*given: Any) -> None:
            await looking(*given)
            looked.set()

        monkeypatch.setattr(source, "_ended", ended)
        starting = asyncio.create_task(_opened(url))
        async with asyncio.timeout(PATIENCE):
            await looked.wait()
        assert await copying.fetchval("SELECT 1") == 1
        await copying.close()
        async with asyncio.timeout(PATIENCE):
            await starting


async def _session(url: str) -> asyncpg.Connection:
    """Open a session without the program."""
    parsed = make_url(url)
    host, name = str(parsed.query["host"]), parsed.database
    return await asyncpg.connect(host=host, user=parsed.username, database=name)


async def _in_mid_statement(url: str, said: str) -> asyncpg.Connection:
    """Open a session that says this and stands still before its next statement is executed."""
    session = await _session(url)
    await session.execute(said)
    await session.prepare("SELECT 1")  # the server waits for what should come of it
    return session


async def _opened(url: str) -> None:
    async with open_database(url):
        pass


async def _after(begun: asyncio.Event, database: Database) -> None:
    await begun.wait()
    await _add(database, "done")


async def test_settings_changed_by_another_program_are_seen(url: str) -> None:
    async with open_database(url) as one, open_database(url) as other:
        async with one.transaction() as tx:
            await workspace.get(tx)
        async with other.transaction() as tx:
            await workspace.save(tx, Workspace(company="Ромашка"))
        async with one.transaction() as tx:
            assert (await workspace.get(tx)).company == "Ромашка"


async def test_a_migration_and_a_restore_want_the_database_for_themselves(url: str) -> None:
    async with open_database(url) as database:
        with pytest.raises(DatabaseBusy):
            async with open_database(url, alone=True):
                pass
        async with database.transaction() as tx:
            await tx.run(text("UPDATE alembic_version SET version_num = '0001'"))
        with pytest.raises(DatabaseBusy):
            async with open_database(url):
                pass
        async with database.transaction() as tx:
            await tx.run(
                text("UPDATE alembic_version SET version_num = :now"), {"now": revisions()[0]}
            )
    async with open_database(url, alone=True):
        with pytest.raises(DatabaseBusy):
            async with open_database(url):
                pass


async def test_a_replica_without_the_keys_of_the_others_is_refused(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _replica(url, "a") as (database, first):
        await _leads(first)
        sealed = database.keys.seal(b"{}")
        async with _replica(url, "b") as (other, _second):
            assert other.keys.opened(sealed).strip() == b"{}"
            other.keys.renew()
            assert database.keys.opened(other.keys.seal(b"[]")).strip() == b"[]"
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        monkeypatch.chdir(elsewhere)
        async with asyncio.timeout(PATIENCE):
            while not await _has_seal(database):
                await asyncio.sleep(0.01)
        with pytest.raises(KeysApart, match="keys"):
            async with _replica(url, "c"):
                pass


async def test_a_key_that_the_leader_could_not_tell_of_keeps_nobody_out(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _replica(url, "a") as (database, first):
        await _leads(first)
        database.keys.seal(b"{}")
        async with asyncio.timeout(PATIENCE):
            while not await _has_seal(database):
                await asyncio.sleep(0.01)
        _freeze(first, monkeypatch)
        database.keys.renew()
        database.keys.forget_earlier()
        async with _replica(url, "b") as (_, second):
            assert (await _leads(second)).number == 2


async def _has_seal(database: Database) -> bool:
    async with database.reading() as reader:
        found = await lease.standing(reader)
    return found is not None and found.seal is not None


@of_sqlite("no other program can lead")
async def test_sqlites_one_program_leads_at_once(tmp_path: Path) -> None:
    async with open_database(database_in(tmp_path)) as database:
        async with seated(database, lambda: None) as seat:
            term = await seat.taken()
            assert isinstance(seat, OnlySeat)
            assert term.database is database
            assert term.may_send()
        async with database.reading() as reader:
            assert await lease.standing(reader) is None
