"""The daily job forgets what is old, by itself, and touches nobody else's files."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Executable, select

from storage.database import open_database
from storage.people import people
from storage.people.addresses import of_telegram
from storage.people.lists import imports, list_rows
from storage.people.lists.listed import PersonRow
from storage.sending.pruning import WORDS_KEPT
from storage.tables.delivery import outbox as table
from storage.tables.delivery import seen_updates
from storage.tables.imports import import_rows
from tests.bot.delivery.faults import appoint, delivered, queue, states
from tests.bot.world import ADMIN, ANNA, PATIENCE, START, World


async def _until(
    world: World, statement: Executable, told: Callable[[Sequence[Any]], bool]
) -> None:
    """Wait for the job: nobody else does, for it is no due work."""
    async with world.database() as database, asyncio.timeout(PATIENCE):
        while True:
            async with database.reading() as reader:
                if told(await reader.scalars(statement)):
                    return
            await asyncio.sleep(0.01)


async def test_words_sent_long_ago_are_forgotten_and_nobody_is_told_twice(world: World) -> None:
    await queue(world, 3)
    async with world.bot():
        await world.settle()
        await world.pass_time(days=WORDS_KEPT.days + 2)
        await _until(world, select(table.c.content), lambda words: set(words) == {"{}"})
    await queue(world, 3)
    async with world.bot():
        await world.settle()
    assert await states(world) == {"sent": 3}
    assert len(delivered(world)) == 3


async def test_ids_of_updates_are_forgotten_daily_though_nothing_else_is_due(
    world: World,
) -> None:
    async with world.bot():
        await world.start(ANNA)
        await world.pass_time(days=3)
        await _until(world, select(seen_updates.c.update_id), lambda seen: not seen)


async def test_what_a_crash_left_behind_is_gone_after_the_next_start(
    world: World, tmp_path: Path
) -> None:
    await appoint(world)
    url = world.settings.database_url
    async with open_database(url) as database, database.transaction() as tx:
        admin = await people.by_address(tx, of_telegram(ADMIN))
        assert admin is not None
        ended = await imports.create(tx, admin.id, "file", "people.csv", START)
        await imports.end(tx, ended.id, "cancelled", START)
        row = PersonRow(role="customer", external_id="C9", name="Анна")
        await list_rows.put(tx, -5, [row])
    left = tmp_path / "imports" / str(ended.id) / "list"
    theirs = tmp_path / "imports" / "2024" / "people.csv"
    for file in (left, theirs):
        file.parent.mkdir(parents=True)
        file.write_text("Анна")
    async with world.bot():
        await _until(world, select(import_rows.c.import_id), lambda rows: not rows)
        async with asyncio.timeout(PATIENCE):
            while left.parent.exists():
                await asyncio.sleep(0.01)
    assert theirs.exists()
