"""A dump is whole, verified, its owner's only; whatever goes wrong leaves no half of one."""

import asyncio
import stat
from pathlib import Path

import pyrage
import pytest
from sqlalchemy import insert, make_url

from storage.copies import backups, making
from storage.copies.encrypting import decrypt
from storage.copies.shelf import Shelf, is_encrypted, prune
from storage.database import open_database
from storage.dumps import archive, asking, dumping, programs
from storage.dumps.errors import DumpDiffers, ProgramFailed, ProgramsMissing, ProgramsOlder
from storage.engine import schema
from storage.errors import DatabaseCorrupt, DatabaseRefuses, NoRoom
from storage.tables.delivery import inbox
from storage.tables.people import accounts
from storage.tables.surveys import anonymous_waiting, definitions
from tests.postgres import PostgresServer, postgres_server
from tests.storage.dumps.dumped import NOW, ROWS, filled, of, on_path, replaced

__all__ = ["postgres_server"]

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(autouse=True)
def programs_of_the_server(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not (postgres_server.programs / "pg_dump").exists():
        pytest.skip("the server's package has no pg_dump")
    on_path(monkeypatch, postgres_server.programs)


def _names(shelf: Shelf) -> list[str]:
    """Return what lies in the folder of copies and beside the database."""
    places = (shelf.folder, shelf.database.parent)
    files = [file for place in places if place.exists() for file in place.iterdir()]
    return [file.name for file in files if "lock" not in file.name and file.is_file()]


def _runs(pid: str) -> bool:
    return Path(f"/proc/{pid}").exists()


async def _rows(shelf: Shelf, file: Path) -> dict[str, int]:
    return await archive.counted(await asking.able(shelf.server or ""), file)


async def test_a_copy_holds_every_row_and_is_its_owners(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    async with filled(postgres_server, tmp_path) as shelf:
        copy = await making.make(shelf, "daily", NOW)
        known = await making.asked(shelf)
        assert known.copies() == [copy]
        assert (copy.kind, copy.made_at, copy.installation) == ("daily", NOW, known.whose)
        assert stat.S_IMODE(copy.path.stat().st_mode) == 0o600
        assert stat.S_IMODE(shelf.folder.stat().st_mode) == 0o700
        assert (await _rows(shelf, copy.path))["public.accounts"] == ROWS
        assert backups.problem_of(copy) is None
        assert _names(shelf) == [copy.path.name]


async def test_a_copy_that_is_torn_or_changed_is_told_as_damaged(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    async with filled(postgres_server, tmp_path) as shelf:
        copy = await making.make(shelf, "hand", NOW)
        whole = copy.path.read_bytes()
        able = await asking.able(shelf.server or "")
        for size in (len(whole) - 1, len(whole) // 2, 100, 0):
            copy.path.write_bytes(whole[:size])
            assert isinstance(backups.problem_of(copy), DatabaseCorrupt), size
            with pytest.raises(DatabaseCorrupt):
                await archive.counted(able, copy.path)
        for place in (7, len(whole) // 3, len(whole) - 7):
            changed = bytearray(whole)
            changed[place] ^= 1
            copy.path.write_bytes(changed)
            assert isinstance(backups.problem_of(copy), DatabaseCorrupt), place
        copy.path.write_bytes(whole)
        assert backups.problem_of(copy) is None


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ('$REAL "$@"; truncate -s 20000 $OUT; kill -9 $$', "pg_dump failed"),
        ("trap '' XFSZ; ulimit -f 8; exec $REAL \"$@\"", "File too large"),
        ('echo "pg_dump: error: server closed" >&2; exit 1', "server closed"),
    ],
    ids=["killed", "disk full", "server gone"],
)
async def test_what_fails_midway_leaves_no_half_copy(
    postgres_server: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str,
    said: str,
) -> None:
    async with filled(postgres_server, tmp_path) as shelf:
        on_path(monkeypatch, replaced(tmp_path / "bin", postgres_server.programs, script))
        with pytest.raises(ProgramFailed, match=said):
            await making.make(shelf, "daily", NOW)
        assert not _names(shelf)


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ('$REAL "$@"; truncate -s 30000 $OUT', DatabaseCorrupt),
        ('$REAL "$@" --exclude-table-data=public.accounts', DumpDiffers),
    ],
    ids=["torn", "rows missing"],
)
async def test_a_dump_that_is_not_the_database_gets_no_name(
    postgres_server: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str,
    error: type[Exception],
) -> None:
    """The program says that all went well; only reading the file shows it."""
    async with filled(postgres_server, tmp_path) as shelf:
        on_path(monkeypatch, replaced(tmp_path / "bin", postgres_server.programs, script))
        with pytest.raises(error):
            await making.make(shelf, "daily", NOW)
        assert not _names(shelf)


async def test_who_stops_waiting_leaves_neither_file_nor_program(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with filled(postgres_server, tmp_path) as shelf:
        script = f"echo $$ > {tmp_path}/pid.lock; exec sleep 600"
        on_path(monkeypatch, replaced(tmp_path / "bin", postgres_server.programs, script))
        making_it = asyncio.create_task(making.make(shelf, "daily", NOW))
        pid = tmp_path / "pid.lock"
        async with asyncio.timeout(20):
            while not (pid.exists() and pid.read_text().strip()):
                await asyncio.sleep(0.01)
        making_it.cancel()
        await asyncio.gather(making_it, return_exceptions=True)
        assert making_it.cancelled()
        assert not _runs(pid.read_text().strip())
        assert not _names(shelf)
        monkeypatch.setattr(dumping, "LONGEST_SECONDS", 0.5)
        with pytest.raises(ProgramFailed, match="three hours"):
            await making.make(shelf, "daily", NOW)


async def test_rows_that_come_meanwhile_are_not_missed(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is compared is one moment's, on both sides."""
    async with filled(postgres_server, tmp_path) as shelf:
        psql = f"{postgres_server.programs}/psql -q -c \"INSERT INTO accounts (name) VALUES ('x')\""
        script = f'{psql} && $REAL "$@"'
        on_path(monkeypatch, replaced(tmp_path / "bin", postgres_server.programs, script))
        copy = await making.make(shelf, "daily", NOW)
        assert (await _rows(shelf, copy.path))["public.accounts"] == ROWS


async def test_what_is_sealed_is_in_no_copy(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    async with filled(postgres_server, tmp_path) as shelf:
        async with open_database(shelf.server or "") as database, database.transaction() as tx:
            survey = await tx.scalar(
                insert(definitions)
                .values(
                    key="nps", version="1", audience="customers", kind="relationship",
                    anonymous=True, content="{}", published_at=NOW,
                )
                .returning(definitions.c.id)
            )  # fmt: skip
            await tx.run(insert(anonymous_waiting).values(definition_id=survey, sealed=b"heap"))
        there = await _rows(shelf, (await making.make(shelf, "hand", NOW)).path)
        assert "public.anonymous_waiting" not in there
        assert "public.inbox" in there, "where nothing in it is sealed, it is there"
        async with open_database(shelf.server or "") as database, database.transaction() as tx:
            row = {"update_id": 1, "channel": "telegram", "address": "7", "payload": "x"}
            await tx.run(insert(inbox).values(**row, sealed=True, received_at=NOW))
        assert "public.inbox" not in await _rows(
            shelf, (await making.make(shelf, "daily", NOW)).path
        )


async def test_an_encrypted_copy_shows_nothing_and_opens(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    key = pyrage.x25519.Identity.generate()
    async with filled(postgres_server, tmp_path) as shelf:
        sealed = of(shelf.server or "", tmp_path, recipients=(str(key.to_public()),))
        copy = await making.make(sealed, "daily", NOW)
        assert copy.path.name.endswith(".dump.age")
        assert is_encrypted(copy.path)
        assert backups.problem_of(copy) is None
        assert _names(shelf) == [copy.path.name]
        identity = tmp_path / "key.lock"
        identity.write_text(str(key))
        plain = tmp_path / "plain.lock"
        decrypt(copy.path, plain, identity)
        assert (await _rows(shelf, plain))["public.accounts"] == ROWS


async def test_old_copies_go_and_others_stay(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    async with filled(postgres_server, tmp_path) as long:
        shelf = await making.asked(of(long.server or "", tmp_path, days=1, weeks=0))
        first = await making.make(shelf, "daily", NOW.replace(day=20))
        second = await making.make(shelf, "daily", NOW)
        others = first.path.with_name(first.path.name.replace(shelf.whose or "-", "0123abcd"))
        others.write_bytes(b"another company's")
        file = first.path.with_name("otklik-20261101T040000Z-daily.db")
        file.write_bytes(b"a copy of a file")
        assert prune(shelf, NOW) == 1
        assert shelf.copies() == [second]
        assert others.exists()
        assert file.exists()


async def test_a_migration_keeps_one_copy_however_often_it_is_tried(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    async with filled(postgres_server, tmp_path) as shelf:
        for name in ("one", "two"):
            async with open_database(shelf.server or "") as database, database.transaction() as tx:
                await tx.run(insert(accounts).values(name=name))
            await making.make_before(shelf, "9999")
        (copy,) = (await making.asked(shelf)).copies()
        assert copy.kind == "before"
        assert copy.made_at > NOW.replace(year=2000)
        assert (await _rows(shelf, copy.path))["public.accounts"] == ROWS + 2


async def test_before_a_migration_the_database_is_copied(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with filled(postgres_server, tmp_path) as shelf:
        present = schema.revisions()
        with monkeypatch.context() as patch:
            patch.setattr(schema, "revisions", lambda: ("to_come", *present))
            patch.setattr("alembic.command.upgrade", lambda *_: None)
            async with open_database(shelf.server or "", shelf):
                pass
        (copy,) = (await making.asked(shelf)).copies()
        assert "before-to_come" in copy.path.name
        copy.path.unlink()
        with monkeypatch.context() as patch:
            patch.setattr(schema, "revisions", lambda: ("to_come", *present))
            patch.setattr("alembic.command.upgrade", lambda *_: None)
            patch.setattr(backups, "room_for", _full)
            with pytest.raises(NoRoom):
                async with open_database(shelf.server or "", shelf):
                    pass
            on_path(patch, tmp_path)
            patch.setenv("PATH", str(tmp_path))
            async with open_database(shelf.server or "", shelf):
                pass  # without pg_dump it goes on, for no newer version could be started


def _full(*_: object) -> None:
    folder = "/backups"
    raise NoRoom(folder, 900, 12)


async def test_programs_that_are_missing_or_too_old_are_named(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(postgres_server.programs))
    ours = (await programs.found(1)).version
    assert (await programs.found(ours)).version == ours
    with pytest.raises(ProgramsOlder, match=f"version {ours} .* version {ours + 1}"):
        await programs.found(ours + 1)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProgramsMissing, match="OTKLIK_BACKUPS_BY_SERVER"):
        await programs.found(ours)


async def test_a_wrong_password_is_told_and_the_password_is_not(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here the server itself asks for none, so what pg_dump says of it is put into its mouth."""
    async with filled(postgres_server, tmp_path) as shelf:
        url = make_url(shelf.server or "")
        absent = url.set(username="nobody_here", password="s3cr%t").render_as_string(False)
        with pytest.raises(DatabaseRefuses) as refused:
            await making.make(of(absent, tmp_path), "daily", NOW)
        assert "s3cr" not in str(refused.value)
        secret = url.set(password="s3cr%t").render_as_string(hide_password=False)
        script = (
            'echo "pg_dump: error: password $PGPASSWORD of s3cr%25t failed" >&2; '
            f'printf "%s\\n" "$@" > {tmp_path}/said.lock; exit 1'
        )
        on_path(monkeypatch, replaced(tmp_path / "bin", postgres_server.programs, script))
        with pytest.raises(ProgramFailed, match="password … of … failed"):
            await making.make(of(secret, tmp_path), "daily", NOW)
        assert "s3cr" not in (tmp_path / "said.lock").read_text()


def test_the_address_reaches_the_programs_by_their_environment() -> None:
    url = make_url(
        "postgresql+asyncpg://me:se%40cret@db.example:6432/mine"
        "?sslmode=verify-full&sslrootcert=/ca.pem&connect_timeout=7&statement_cache_size=0"
    )
    said = programs.environment(url)
    wanted = {
        "PGHOST": "db.example", "PGPORT": "6432", "PGUSER": "me", "PGPASSWORD": "se@cret",
        "PGDATABASE": "mine", "PGSSLMODE": "verify-full", "PGSSLROOTCERT": "/ca.pem",
        "PGCONNECT_TIMEOUT": "7",
    }  # fmt: skip
    assert {name: said[name] for name in wanted} == wanted
