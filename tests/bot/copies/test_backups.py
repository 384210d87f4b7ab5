"""Copies daily, by button and by command; a failure is told; doctor knows their age."""

import asyncio
import json
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command

from bot.cli.upkeep.doctor.copies import copies, hold
from bot.jobs.upkeep.restoring import restored_here
from bot.operations.auditing import system_user
from bot.operations.copies.backups import shelf_of
from bot.settings import SQLITE, Settings
from storage.copies import backups
from storage.copies.shelf import Shelf
from storage.database import open_database
from storage.engine import schema
from storage.errors import NoRoom
from storage.sending.schedules import ScheduleRule
from tests.bot.delivery.faults import appoint
from tests.bot.test_operator import otklik
from tests.bot.world import ADMIN, ANNA, START, World
from tests.engines import of_sqlite

pytestmark = of_sqlite("copies of its file")

FOUR_IN_MOSCOW = datetime(2026, 9, 16, 1, 0, tzinfo=UTC)


@pytest.fixture
def shelf(world: World) -> Shelf:
    world.settings = world.settings.model_copy(update={"backups_hour": 4})
    return shelf_of(world.settings)


def _full(*_: object) -> None:
    folder = "/backups"
    raise NoRoom(folder, 900, 12)


def _told(world: World, words: str) -> int:
    return sum(words in (message.text or "") for message in world.sandbox.messages(ADMIN))


async def test_a_copy_is_made_each_night_also_one_missed_while_standing(
    world: World, shelf: Shelf
) -> None:
    async with world.bot():
        await world.pass_time(hours=12)
        assert not shelf.copies()
        await world.pass_time(hours=5)
        assert [copy.kind for copy in shelf.copies()] == ["daily"]
        await world.pass_time(hours=24)
        assert len(shelf.copies()) == 2
    async with world.bot():
        await world.settle()
        assert len(shelf.copies()) == 2
    await world.sandbox.clock.advance(timedelta(days=3))
    async with world.bot():
        await world.settle()
        assert len(shelf.copies()) == 3
    assert all(backups.verify(copy.path) for copy in shelf.copies())


async def test_old_copies_go(world: World, shelf: Shelf) -> None:
    world.settings = world.settings.model_copy(update={"backups_days": 2, "backups_weeks": 0})
    async with world.bot():
        for _ in range(4):
            await world.pass_time(days=1)
    assert len(shelf.copies()) == 2


async def test_where_it_is_off_nothing_is_copied_by_itself(world: World) -> None:
    async with world.bot():
        await world.pass_time(days=3)
    assert not shelf_of(world.settings).copies()


async def test_a_failed_copy_is_told_once_a_day_and_tried_again(
    world: World, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    await appoint(world)

    async with world.bot():
        with monkeypatch.context() as patch:
            patch.setattr(backups, "_room_for", _full)
            await world.pass_time(hours=17)
            for _ in range(5):
                await world.pass_time(hours=1)
            assert _told(world, "копия не удалась") == 1
            assert "12" in world.screen(ADMIN).text
        assert (await world.start(ANNA)).text, "the bot goes on answering"
        await world.pass_time(hours=1)
        assert len(shelf.copies()) == 1, "an hour later it is tried again"
    assert _told(world, "копия не удалась") == 1


async def test_an_admin_asks_for_a_copy_and_is_told_where_it_is(world: World) -> None:
    await appoint(world)
    async with world.bot():
        await world.say(ADMIN, "/menu")
        shown = (await world.tap(ADMIN, "Копии базы")).text
        assert "Ежедневных и сделанных кнопкой ниже пока нет." in shown
        assert "otklik backup --list" in shown, "there may be others"
        await world.tap(ADMIN, "Сделать копию")
        await world.settle()
        (copy,) = shelf_of(world.settings).copies()
        assert copy.kind == "hand"
        said = world.screen(ADMIN)
        assert copy.path.name in said.text
        assert str(copy.path.parent) in said.text
        assert not said.document, "the data stays at home"
        await world.say(ADMIN, "/menu")
        assert str(copy.path.parent) in (await world.tap(ADMIN, "Копии базы")).text


async def test_who_asked_is_told_that_it_failed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await appoint(world)

    monkeypatch.setattr(backups, "_room_for", _full)
    async with world.bot():
        await world.say(ADMIN, "/menu")
        await world.tap(ADMIN, "Копии базы")
        await world.tap(ADMIN, "Сделать копию")
        await world.settle()
        assert "Новой копии нет" in world.screen(ADMIN).text


def test_the_hour_is_the_companys() -> None:
    moscow = ScheduleRule("daily", 4, "Europe/Moscow")
    assert moscow.next(START) == FOUR_IN_MOSCOW
    assert moscow.next(FOUR_IN_MOSCOW) == FOUR_IN_MOSCOW + timedelta(days=1)
    kamchatka = ScheduleRule("daily", 4, "Asia/Kamchatka").next(START)
    assert kamchatka == datetime(2026, 9, 15, 16, 0, tzinfo=UTC)


def _spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for page in range(40, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(content)


async def test_the_command_copies_beside_the_running_bot(world: World, tmp_path: Path) -> None:
    url = world.settings.database_url
    folder = tmp_path / "elsewhere"
    out = tmp_path / "mine.db"
    english = {"database_url": url, "language": "en", "backups": str(folder)}
    async with world.bot():
        made = await asyncio.to_thread(otklik, tmp_path, "backup", **english)
        assert "verified" in made.stdout, made.stderr
        named = await asyncio.to_thread(otklik, tmp_path, "backup", "--out", str(out), **english)
        assert str(out) in named.stdout
        listed = await asyncio.to_thread(otklik, tmp_path, "backup", "--list", **english)
        as_json = await asyncio.to_thread(otklik, tmp_path, "backup", "--list", "--json", **english)
        busy = await asyncio.to_thread(otklik, tmp_path, "restore", str(out), **english)
    deeds = await world.operate("audit")
    noted = [one["details"] for one in deeds["deeds"] if one["what"] == "exported"]
    assert noted == [f"backup user={system_user()}"], "the one that left"
    (copy,) = folder.glob("*.db")
    assert str(copy) in listed.stdout
    assert str(out) not in listed.stdout
    assert [one["path"] for one in json.loads(as_json.stdout)] == [str(copy)]
    assert [stat.S_IMODE(one.stat().st_mode) for one in (folder, copy, out)] == [
        0o700,
        0o600,
        0o600,
    ]
    assert busy.returncode == 2
    assert "Stop it first" in busy.stderr


async def test_a_copy_is_made_also_where_the_record_cannot_be_told_of_it(
    world: World, tmp_path: Path
) -> None:
    settings = {"database_url": world.settings.database_url, "language": "en"}
    out = tmp_path / "mine.db"
    async with open_database(world.settings.database_url):
        made = await asyncio.to_thread(otklik, tmp_path, "backup", "--out", str(out), **settings)
    assert made.returncode == 0, made.stderr
    assert out.exists()
    assert "does not stand in the record" in made.stderr


async def test_a_damaged_database_is_restored_as_the_refusal_says(
    world: World, tmp_path: Path
) -> None:
    url = world.settings.database_url
    english = {"database_url": url, "language": "en"}
    await asyncio.to_thread(otklik, tmp_path, "backup", **english)
    path = shelf_of(world.settings).database
    _spoil(path)
    refused = await asyncio.to_thread(otklik, tmp_path, "campaign", "list", **english)
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr
    words = refused.stderr.split("otklik restore ")[1].split()[0]
    done = await asyncio.to_thread(otklik, tmp_path, "restore", words, **english)
    assert done.returncode == 0, done.stderr
    assert "until an admin releases" in done.stdout
    listed = await asyncio.to_thread(otklik, tmp_path, "campaign", "list", **english)
    assert listed.returncode == 0, listed.stderr
    (kept,) = path.parent.glob("otklik.db.before-restore-*")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    released = await asyncio.to_thread(otklik, tmp_path, "restore", "--release", **english)
    assert "Released: nothing was waiting." in released.stdout, released.stderr
    again = await asyncio.to_thread(otklik, tmp_path, "restore", "--release", **english)
    assert again.returncode == 2


def test_restore_without_a_name_says_what_it_needs(tmp_path: Path) -> None:
    for arguments in ((), ("x.db", "--here"), ("x.db", "--release"), ("--here", "--release")):
        done = otklik(tmp_path, "restore", *arguments, language="en")
        assert done.returncode == 2
        assert "Name a copy" in done.stderr
    assert not list(tmp_path.iterdir())


async def test_doctor_knows_the_age_of_the_newest_good_copy(world: World, shelf: Shelf) -> None:
    now = world.sandbox.clock.now()

    def found(when: datetime) -> list[tuple[str, str]]:
        return [(one.level, one.sentence) for one in copies(shelf_of(world.settings), when)]

    assert [level for level, _ in found(now)] == ["look"]
    good = backups.make(shelf, "daily", now)
    assert [level for level, _ in found(now + timedelta(days=2))] == ["fine"]
    ((level, sentence),) = found(now + timedelta(days=2, minutes=1))
    assert level == "look"
    assert "older than two days" in sentence
    damaged = backups.make(shelf, "daily", now + timedelta(days=1)).path
    damaged.write_bytes(b"\xff" * 4096 + damaged.read_bytes()[4096:])
    (first, second) = found(now + timedelta(days=1))
    assert "is damaged" in first[1]
    assert str(good.path) in second[1]


async def test_doctor_says_which_copy_comes_from_the_future(world: World, shelf: Shelf) -> None:
    now = world.sandbox.clock.now()
    wrong = backups.make(shelf, "daily", now + timedelta(days=365)).path
    (said, none) = copies(shelf_of(world.settings), now)
    assert str(wrong) in said.sentence
    assert "has not come yet" in said.sentence
    assert "Make one: otklik backup" in none.sentence
    good = backups.make(shelf, "daily", now).path
    (said, fine) = copies(shelf_of(world.settings), now)
    assert (said.level, fine.level) == ("look", "fine")
    assert str(good) in fine.sentence


async def test_a_copy_of_a_newer_program_is_not_called_damaged(world: World, shelf: Shelf) -> None:
    now = world.sandbox.clock.now()
    made = backups.make(shelf, "daily", now)
    newer = made.path.with_name(made.path.name.replace(f".{made.checksum}", ""))
    made.path.rename(newer)
    with closing(sqlite3.connect(newer)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = 'to come'")
    told = [one.sentence for one in copies(shelf_of(world.settings), now)]
    assert "made by a newer otklik" in told[0]
    assert "delete" not in " ".join(told)


def test_doctor_says_nothing_where_nothing_is(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, database_url=f"{SQLITE}{tmp_path / 'none.db'}")
    assert not list(copies(shelf_of(settings), START))
    assert not list(hold(None))


def test_where_the_servers_own_copies_are_relied_on_none_is_missed() -> None:
    url = "postgresql+asyncpg://u@h/d"
    relied = Settings(_env_file=None, database_url=url, backups_by_server=True)
    (finding,) = copies(shelf_of(relied), START)
    assert (finding.level, "relied on" in finding.sentence) == ("fine", True)
    (missed,) = copies(shelf_of(Settings(_env_file=None, database_url=url)), START)
    assert missed.level == "look"


@pytest.mark.parametrize("hour", ["24", "-1", "noon", "4.5"])
def test_a_wrong_hour_is_named(tmp_path: Path, hour: str) -> None:
    done = otklik(tmp_path, "backup", "--list", backups_hour=hour, language="en")
    assert done.returncode == 2
    assert "OTKLIK_BACKUPS_HOUR" in done.stderr


async def test_a_database_put_back_by_other_means_is_held_too(world: World, tmp_path: Path) -> None:
    url = world.settings.database_url
    done = await asyncio.to_thread(
        otklik, tmp_path, "restore", "--here", database_url=url, language="en",
        clock_url=world.sandbox.clock_url,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    async with open_database(url):
        pass
    path = shelf_of(world.settings).database
    with closing(sqlite3.connect(path)) as connection:
        held = connection.execute("SELECT count(*) FROM restores WHERE released_at IS NULL")
        assert held.fetchone() == (1,)


async def test_what_was_put_back_is_copied_before_it_is_migrated(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []

    def keep(shelf: Shelf, _revision: str) -> None:
        kept.append(shelf.database.name)

    async with open_database(world.settings.database_url):
        pass
    present = schema.revisions()
    monkeypatch.setattr(backups, "make_before", keep)
    monkeypatch.setattr(schema, "revisions", lambda: ["to come", *present])
    monkeypatch.setattr(command, "upgrade", lambda *_: None)
    await restored_here(world.settings, START)
    assert kept == [shelf_of(world.settings).database.name]
