"""`otklik doctor` says what is wrong before it hurts, changes nothing, and tells no secrets."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.cli.upkeep.doctor.database import look_inside
from bot.cli.upkeep.doctor.files import files
from bot.cli.upkeep.doctor.machine import sqlite_version
from bot.cli.upkeep.doctor.pages import pages
from bot.operations.copies.backups import shelf_of
from bot.settings import SQLITE, Settings
from storage.tables.people import people
from tests.bot.delivery.faults import FIRST, queue
from tests.bot.telegram.test_receiving import NONSENSE
from tests.bot.test_operator import otklik
from tests.bot.web.browser import free_port, with_pages
from tests.bot.web.test_answering import everything
from tests.bot.world import World


def changed(world: World, **changes: str) -> Settings:
    """Return the world's settings with changes."""
    return Settings(_env_file=None, **{**world.settings.model_dump(), **changes})


async def _doctor(world: World, folder: Path, **settings: str) -> tuple[int, dict[str, str], str]:
    told = {
        "bot_token": world.sandbox.token,
        "api_url": world.sandbox.base_url,
        "database_url": world.settings.database_url,
        **settings,
    }
    done = await asyncio.to_thread(otklik, folder, "doctor", "--json", **told)
    assert not done.stderr, done.stderr
    assert world.sandbox.token not in done.stdout
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return done.returncode, {one["subject"]: one["sentence"] for one in found}, done.stdout


async def test_a_healthy_bot_is_found_healthy_while_it_runs(world: World, tmp_path: Path) -> None:
    async with world.bot():
        code, found, _ = await _doctor(world, tmp_path)
    assert code == 0
    assert "known to Telegram" in found["token"]
    assert "readable" in found["database"]


async def test_parked_updates_uncertain_sends_and_failures_are_shown(
    world: World, tmp_path: Path
) -> None:
    await queue(world, 2)
    for number, kind in enumerate(("cut_before", "chat_not_found")):
        world.sandbox.faults.add({"kind": kind, "method": "sendMessage", "chat_id": FIRST + number})
    update_id = world.sandbox.inject(NONSENSE)
    async with world.bot():
        for _ in range(5):
            await world.pass_time(minutes=3)
    code, found, told = await _doctor(world, tmp_path)
    assert code == 1
    assert "ValidationError" in found[f"update {update_id}"]
    assert "/outbox" in told
    assert "chat not found" in told


async def test_a_name_mended_by_hand_is_told_of_until_its_key_is_written_anew(
    world: World,
) -> None:
    async def said() -> list[str]:
        found, _ = await look_inside(world.settings, shelf_of(world.settings))
        return [one.sentence for one in found if str(one.subject) == "names"]

    assert await said() == []
    async with world.writing() as database, database.transaction() as tx:
        await tx.run(update(people).where(people.c.name == "Анна").values(name="Жанна"))
    assert "otklik doctor --refold" in (await said())[0]
    assert await world.operate("refold") == {"written": 1}
    assert await said() == []


async def test_what_was_put_aside_is_tried_again_on_demand(world: World, tmp_path: Path) -> None:
    world.sandbox.inject(NONSENSE)
    async with world.bot():
        for _ in range(5):
            await world.pass_time(minutes=3)
        url = world.settings.database_url
        done = await asyncio.to_thread(otklik, tmp_path, "doctor", "--retry", database_url=url)
        assert "update " not in done.stdout, done.stdout


async def test_pages_that_cannot_be_opened_are_named(world: World) -> None:
    port = free_port()
    found = {
        url: [str(one.message) for one in await pages(changed(world, web_url=url))]
        for url in (f"https://127.0.0.1:{port}", f"http://127.0.0.1:{port}", world.sandbox.base_url)
    }
    https, http, other = found.values()
    assert "OTKLIK_TRUSTED_PROXIES" in https[0]
    assert "does not answer from here" in https[1]
    assert "this machine alone" in http[0]
    assert "not with them" in other[1]
    (only,) = await pages(
        changed(world, web_url=f"https://127.0.0.1:{port}", trusted_proxies="127.0.0.1")
    )
    assert "does not answer" in str(only.message)
    assert await pages(world.settings) == []
    with_pages(world)
    async with world.bot():
        before = everything(world)
        *_, opened = await pages(world.settings)
        assert everything(world) == before
    assert opened.level == "fine"


async def test_a_refused_token_and_a_missing_database_are_bad(world: World, tmp_path: Path) -> None:
    refused = "1234567890:" + "A" * 35
    nowhere = f"{SQLITE}{tmp_path / 'none.db'}"
    code, found, told = await _doctor(world, tmp_path, bot_token=refused, database_url=nowhere)
    assert code == 1
    assert "refused" in found["token"]
    assert "none.db" in found["database"]
    assert refused not in told
    assert not (tmp_path / "none.db").exists()


def test_files_that_others_may_read_are_bad(tmp_path: Path) -> None:
    path = tmp_path / "otklik.db"
    path.touch(0o600)
    assert [one.level for one in files(path)] == ["fine"]
    path.with_name("otklik.db-wal").touch(0o644)
    path.with_name("otklik.db-wal").chmod(0o644)
    (finding, _) = files(path)
    assert finding.level == "bad"
    assert "chmod 600" in finding.sentence


@pytest.mark.parametrize(("version", "level"), [((3, 40, 1), "look"), ((3, 51, 3), "fine")])
def test_an_sqlite_with_the_flaw_is_named(version: tuple[int, ...], level: str) -> None:
    assert sqlite_version(version).level == level
