"""Admins are told when the disk fills or sending stops, once a day; doctor says it too."""

import shutil
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from bot.cli.upkeep.doctor import machine
from bot.cli.upkeep.doctor.files import open_to_others
from bot.jobs.upkeep import watching
from bot.operations.upkeep import trouble
from storage import vitals
from storage.sending import pauses
from storage.tables.delivery import inbox, outbox
from tests.bot.lists.test_people import become_admin
from tests.bot.world import START, World
from tests.engines import of_sqlite

Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 (what shutil gives)


async def _told(world: World, key: str) -> int:
    async with world.database() as database, database.reading() as reader:
        found = select(outbox.c.id).where(outbox.c.key.startswith(key, autoescape=True))
        return len(await reader.scalars(found))


@of_sqlite("a server's disk is its operator's")
async def test_a_full_disk_is_told_once_a_day(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world.bot():
        await become_admin(world)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1, 1, 5 * 1024**2))
    async with world.writing() as database:
        for minutes in (0, 10, 20):
            now = START + timedelta(minutes=minutes)
            await watching.watch(world.settings, database, now, None, 0.0)
    assert await _told(world, "disk:2026-09-15:") == 1


async def test_sending_that_has_stopped_is_told_and_a_late_start_is_not(world: World) -> None:
    async with world.bot():
        await become_admin(world)
    async with world.writing() as database:
        async with database.transaction() as tx:
            await trouble.tell_admins(tx, "parked:1", trouble.update_parked, START)
        late = START + timedelta(minutes=16)
        before = await watching.watch(world.settings, database, late, None, 0.0)
        assert before == watching.Waiting(START, 0.0)
        assert await _told(world, "stopped:") == 0, "it may have begun a moment ago"
        async with database.transaction() as tx:
            await pauses.pause(tx, late + timedelta(minutes=30), late)
        later = late + timedelta(minutes=10)
        assert await watching.watch(world.settings, database, later, before, 600.0) is None
        assert await _told(world, "stopped:") == 0, "Telegram asked to wait"
        after = late + timedelta(minutes=46)
        since = await watching.watch(world.settings, database, after, None, 1_000.0)
        due = late + timedelta(minutes=30)
        assert since == watching.Waiting(due, 1_000.0), "the pause does not count"
        for seconds in (1.0, 59.0):
            after += timedelta(minutes=10)
            at = 1_000.0 + seconds
            assert await watching.watch(world.settings, database, after, since, at) == since
        assert await _told(world, "stopped:") == 0, "the clock jumped: there was no time to send"
        after += timedelta(minutes=10)
        assert await watching.watch(world.settings, database, after, since, 1_060.0) == since
        assert await _told(world, "stopped:2026-09-15:") == 1


async def test_what_has_begun_and_does_not_go_on_is_counted(world: World) -> None:
    row = {"channel": "telegram", "address": "1", "payload": "{}", "received_at": START}
    async with world.writing() as database, database.transaction() as tx:
        await tx.run(insert(inbox).values(update_id=1, **row))
        await tx.run(insert(inbox).values(update_id=2, parked_at=START, **row))
        assert await vitals.stuck(tx, START + timedelta(minutes=59)) == {}
        found = await vitals.stuck(tx, START + timedelta(minutes=61))
    assert found == {"inbox": 1}
    (said,) = machine.stuck(found)
    assert "Updates waiting for an hour or longer: 1." in said.sentence


def test_the_machine_is_judged_by_its_clock_and_its_settings_file(tmp_path: Path) -> None:
    now = datetime(2026, 9, 15, tzinfo=UTC)
    levels = [
        [one.level for one in machine.clock(theirs, now)]
        for theirs in (None, now + timedelta(seconds=29), now - timedelta(seconds=31))
    ]
    assert levels == [[], ["fine"], ["bad"]]
    file = tmp_path / "otklik.env"
    file.write_text("OTKLIK_BOT_TOKEN=x", encoding="utf-8")
    file.chmod(0o644)
    (open_file,) = open_to_others([file])
    assert "chmod 600" in open_file.sentence
    file.chmod(0o600)
    assert list(open_to_others([file])) == []
    assert "Python 3." in machine.versions().sentence
