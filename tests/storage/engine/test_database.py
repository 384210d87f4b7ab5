"""Opening: rights, locks, foreign, newer and damaged files. Nothing refused is changed."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import insert, select, text

from storage.database import open_database, open_reading
from storage.engine.sqlite import files
from storage.errors import (
    DatabaseBusy,
    DatabaseCorrupt,
    DatabaseForeign,
    DatabaseLocked,
    DatabaseMissing,
    DatabaseNewer,
    DatabaseOlder,
    DatabaseUnavailable,
    DatabaseUnwritable,
    DatabaseUrlInvalid,
    ReadOnly,
    StorageError,
)
from storage.tables.people import accounts
from surveys.messages import Message
from tests.postgres import PostgresServer


def _url(path: Path) -> str:
    return f"sqlite:///{path}"


async def _make(path: Path, rows: int = 1) -> None:
    async with open_database(_url(path)) as database, database.transaction() as tx:
        names = [{"name": f"{number} {'x' * 200}"} for number in range(rows)]
        await tx.run(insert(accounts), names)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _modes_within(folder: Path) -> set[int]:
    return {_mode(file) for file in folder.iterdir()}


async def test_files_are_their_owners_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "otklik.db"
    async with open_database(_url(path)) as database:
        async with database.transaction() as tx:
            await tx.run(insert(accounts).values(name="a"))
        assert _mode(path.parent) == 0o700
        assert _modes_within(path.parent) == {0o600}


async def test_an_open_file_of_others_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "otklik.db"
    await _make(path)
    path.chmod(0o644)
    async with open_database(_url(path)):
        pass
    assert _mode(path) == 0o600


async def test_sqlite_is_durable_and_strict(tmp_path: Path) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    url = _url(tmp_path / "otklik.db")
    async with open_database(url) as database, database.transaction() as tx:
        found = {name: await tx.scalar(text(f"PRAGMA {name}")) for name in wanted}
        assert await tx.scalar(text("PRAGMA busy_timeout")) == 5000
    assert found == wanted


def _filled(folder: Path) -> list[str]:
    """The lock file only tells which database this is."""
    filled = [file.name for file in folder.iterdir() if file.stat().st_size]
    return [name for name in filled if not name.endswith(".lock")]


async def test_closing_leaves_everything_in_one_file(tmp_path: Path) -> None:
    path = tmp_path / "otklik.db"
    await _make(path, 50)
    assert _filled(tmp_path) == ["otklik.db"]


async def test_a_second_process_is_kept_out(tmp_path: Path) -> None:
    """A second open in this process meets the same lock: flock belongs to the open file."""
    path = tmp_path / "otklik.db"
    async with open_database(_url(path)):
        with pytest.raises(DatabaseBusy, match="Stop it first"):
            async with open_database(_url(path)):
                pass
        async with open_reading(_url(path)):
            pass
    await _make(path)


async def test_a_second_writer_is_kept_out_but_where_replicas_may_be(url: str) -> None:
    async with open_database(url):
        with pytest.raises(DatabaseBusy):
            async with open_database(url, alone=True):
                pass
    async with open_database(url):
        pass


async def test_reading_only_reads(url: str) -> None:
    async with open_database(url) as database, database.transaction() as tx:
        await tx.run(insert(accounts).values(name="a"))
    async with open_reading(url) as database:
        async with database.reading() as reader:
            assert await reader.scalars(select(accounts.c.name)) == ["a"]
        with pytest.raises(ReadOnly):
            async with database.transaction():
                pass


async def test_a_missing_database_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    with pytest.raises(DatabaseMissing):
        async with open_reading(_url(path)):
            pass
    assert not path.exists()


async def test_reading_waits_for_nobody_to_migrate(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    with pytest.raises(DatabaseOlder):
        async with open_reading(_url(path)):
            pass


@pytest.mark.parametrize("content", [b"hello, I am a letter. " * 100, b"\0" * 5000])
async def test_a_file_that_is_no_database_is_refused_unchanged(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    with pytest.raises(DatabaseForeign):
        async with open_database(_url(path)):
            pass
    assert path.read_bytes() == content


async def test_another_programs_database_is_refused_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (x)")
        other.commit()
    before = path.read_bytes()
    with pytest.raises(DatabaseForeign):
        async with open_database(_url(path)):
            pass
    assert path.read_bytes() == before


async def test_another_programs_postgres_is_refused(postgres_server: PostgresServer) -> None:
    async with postgres_server.database() as url:
        async with open_database(url) as database, database.transaction() as tx:
            await tx.run(text("DROP TABLE alembic_version"))
        with pytest.raises(DatabaseForeign):
            async with open_database(url):
                pass


async def test_a_newer_database_is_refused(url: str) -> None:
    async with open_database(url) as database, database.transaction() as tx:
        await tx.run(text("UPDATE alembic_version SET version_num = '9999'"))
    for opening in (open_database, open_reading):
        with pytest.raises(DatabaseNewer, match="9999"):
            async with opening(url):
                pass


async def test_a_damaged_database_is_refused_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "otklik.db"
    await _make(path, 2_000)
    content = bytearray(path.read_bytes())
    for page in range(40, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(content)
    with pytest.raises(DatabaseCorrupt, match="restore"):
        async with open_database(_url(path)):
            pass
    assert path.read_bytes() == bytes(content)


async def test_a_file_too_large_to_be_examined_in_time_is_opened(tmp_path: Path) -> None:
    """On a disk that looks for each page, 6 GB took more than five minutes before anything ran."""
    path = tmp_path / "otklik.db"
    await _make(path, 100)
    with closing(sqlite3.connect(path)) as connection:
        assert files.problems_of(connection, within=60) == "ok"
        connection.set_progress_handler(lambda: True, 1)  # as an interruption: at the next step
        assert files.problems_of(connection, within=60) == "ok"
    asked = list[float | None]()

    def examined(_connection: sqlite3.Connection, within: float | None = None) -> str:
        asked.append(within)
        return "ok"

    with patch.object(files, "problems_of", examined):
        async with open_database(_url(path)):
            pass
        async with open_reading(_url(path), every_page=True):
            pass
    assert asked == [files.OPENING_SECONDS, None]


async def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file" / "otklik.db", Path("/proc/otklik.db")):
        with pytest.raises(DatabaseUnwritable):
            async with open_database(_url(path)):
                pass


async def test_a_directory_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        async with open_database(_url(tmp_path)):
            pass


async def test_a_file_locked_by_another_program_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.engine.sqlite.source._WRITER_PRAGMAS", ("busy_timeout = 10",))
    path = tmp_path / "otklik.db"
    async with open_database(_url(path)) as database:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(DatabaseLocked):
                async with database.transaction() as tx:
                    await tx.run(insert(accounts).values(name="a"))
        async with database.transaction() as tx:
            await tx.run(insert(accounts).values(name="a"))


async def test_a_full_disk_refuses_the_row_and_recovers(tmp_path: Path) -> None:
    async with open_database(_url(tmp_path / "otklik.db")) as database:
        async with database.transaction() as tx:
            pages = await tx.scalar(text("PRAGMA page_count"))
            await tx.scalar(text(f"PRAGMA max_page_count = {pages}"))
        with pytest.raises(DatabaseUnwritable) as refused:
            async with database.transaction() as tx:
                await tx.run(insert(accounts), [{"name": "x" * 4_000 + str(n)} for n in range(50)])
        assert refused.value.detail == Message("the disk is full")
        async with database.transaction() as tx:
            await tx.scalar(text("PRAGMA max_page_count = 100000"))
        async with database.transaction() as tx:
            await tx.run(insert(accounts).values(name="a"))
        async with database.reading() as reader:
            assert await reader.scalars(select(accounts.c.name)) == ["a"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "otklik.db",
        "sqlite://",
        "sqlite+pysqlite:///otklik.db",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        "postgresql://u:secret@h/db",
        "postgresql+asyncpg://u:secret@h",
        "mysql://u:secret@h/db",
        "postgresql+asyncpg://h:port/db",
    ],
)
async def test_a_wrong_address_is_explained_without_its_secret(url: str) -> None:
    for opening in (open_database, open_reading):
        with pytest.raises(DatabaseUrlInvalid, match="Write sqlite") as caught:
            async with opening(url):
                pass
        assert "secret" not in str(caught.value)


async def test_a_server_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable):
        async with open_database(f"postgresql+asyncpg://u:secret@/db?host={tmp_path}"):
            pass


def _killed_within_a_transaction(path: Path) -> None:
    """Leave the file and its rollback journal as kill -9 does before the write-ahead log is on."""
    crashed = path.with_name("crashed.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = DELETE")
        writer.execute("PRAGMA cache_size = 1")
        writer.execute("BEGIN")
        writer.execute("UPDATE accounts SET name = 'never committed ' || name")
        for suffix in ("", "-journal"):
            copied = Path(f"{path}{suffix}").read_bytes()
            Path(f"{crashed}{suffix}").write_bytes(copied)
    for suffix in ("", "-journal"):
        Path(f"{crashed}{suffix}").replace(f"{path}{suffix}")


async def test_what_a_kill_interrupted_at_the_first_start_is_undone(tmp_path: Path) -> None:
    path = tmp_path / "otklik.db"
    await _make(path, 500)
    _killed_within_a_transaction(path)
    with pytest.raises(DatabaseUnwritable):
        async with open_reading(_url(path)):
            pass
    async with open_database(_url(path)) as database, database.reading() as reader:
        names = await reader.scalars(select(accounts.c.name))
    assert len(names) == 500
    assert not any(name.startswith("never") for name in names)
