"""A machine starts with its clock years behind, and the clock is put right: nothing comes twice."""

import asyncio
from datetime import datetime, timedelta

from bot.operations.upkeep import slots
from storage.asking import campaigns
from storage.people import people
from storage.people.addresses import of_telegram
from storage.sending import errands, schedules
from storage.sending.schedules import ScheduleRule
from tests.bot.delivery.faults import appoint
from tests.bot.world import ADMIN, PATIENCE, START, World
from tests.engines import on_both

WEEKLY = ScheduleRule("weekly", 9, "Europe/Moscow")
YEARS = timedelta(days=6 * 365)
WEEK = timedelta(days=7)
MONTHLY = "survey: nps\nwhen: {repeat: monthly, at: '12:00'}\n"


async def _subscribe(world: World, now: datetime) -> datetime:
    """Subscribe an admin to the weekly digest; return its first slot."""
    await appoint(world)
    first = WEEKLY.next(now)
    assert first is not None
    async with world.writing() as database, database.transaction() as tx:
        admin = await people.by_address(tx, of_telegram(ADMIN))
        assert admin is not None
        await schedules.plan(tx, "digest", admin.id, WEEKLY, first, now)
    return first


async def _make(world: World, now: datetime) -> list[datetime]:
    """Make the digests that are due; return their slots."""
    async with world.writing() as database, database.transaction() as tx:
        await schedules.claim_due(tx, now)
        claimed = await errands.due(tx, now)
        for one in claimed:
            await errands.finish(tx, one.id, "done", now)
    return [one.slot for one in claimed if one.slot is not None]


async def _start(world: World, now: datetime) -> int:
    async with world.writing() as database, database.transaction() as tx:
        return await slots.bring_back(tx, now)


@on_both
async def test_digests_that_were_made_are_not_made_again(world: World) -> None:
    first = await _subscribe(world, START)
    made = [slot for week in range(3) for slot in await _make(world, first + week * WEEK)]
    assert made == [first + week * WEEK for week in range(3)]
    assert await _start(world, START - YEARS) == 1
    later = first + 4 * WEEK
    assert await _make(world, later) == [later], "two were missed, the latest comes once"
    assert await _make(world, later) == []


async def test_weeks_that_a_clock_ahead_has_made_are_made_when_they_are_over(world: World) -> None:
    first = await _subscribe(world, START)
    assert await _make(world, first + 51 * WEEK) == [first + 51 * WEEK]
    assert await _start(world, START) == 1
    for week in range(3):
        assert await _make(world, first + week * WEEK) == [first + week * WEEK]


async def test_nothing_that_fell_before_a_campaign_is_asked(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        campaign = (await world.operate("start_campaign", text=MONTHLY))["campaign"]
    await world.sandbox.clock.set(START - YEARS)
    async with world.bot():
        async with asyncio.timeout(PATIENCE):
            while await _planned(world, campaign) > START:
                await asyncio.sleep(0.01)
        await world.sandbox.clock.set(START + timedelta(minutes=1))
        await world.settle()
    async with world.database() as database, database.reading() as reader:
        assert not await campaigns.waves_of(reader, campaign)
    assert START < await _planned(world, campaign) < START + timedelta(days=32)


async def _planned(world: World, campaign: int) -> datetime:
    async with world.database() as database, database.reading() as reader:
        planned = (await campaigns.get(reader, campaign)).next_due_at
    assert planned is not None
    return planned
