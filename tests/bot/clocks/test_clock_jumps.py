"""The clock was ahead, and is put right: nothing waits until the time that it had shown."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest

from bot.jobs.upkeep import clock_jumps
from storage.asking import campaigns
from storage.database import Database, open_database
from storage.sending import outbox, tally
from tests.bot.delivery.faults import FIRST, appoint, delivered, queue, states
from tests.bot.telegram.test_receiving import NONSENSE
from tests.bot.world import ADMIN, ANNA, PATIENCE, START, World
from tests.engines import on_both

YEAR = timedelta(days=365)
MONTHLY = "survey: nps\nwhen: {repeat: monthly, at: '12:00'}\n"
ASKED = 600


@contextmanager
def _noticing() -> Iterator[asyncio.Event]:
    """Yield what is set once a bot has mended what a clock ahead had left.

    Until then a pause of that time holds everything, so nothing is due and `settle` returns.
    """
    mended, mend = asyncio.Event(), clock_jumps.mend

    async def noted(database: Database, now: datetime, *, seen: bool) -> None:
        await mend(database, now, seen=seen)
        mended.set()

    with patch.object(clock_jumps, "mend", noted):
        yield mended


async def _back(world: World, **after: float) -> None:
    with _noticing() as mended:
        await world.sandbox.clock.set(START)
        async with asyncio.timeout(PATIENCE):
            while not mended.is_set():  # a change while the bot works is seen at the next
                await world.sandbox.clock.advance(timedelta(milliseconds=1))
                await asyncio.sleep(0.01)
    await world.settle()
    await world.pass_time(**after)


@pytest.mark.parametrize("restarted", [False, True])
@on_both
async def test_a_pause_lasts_as_long_as_was_asked_whatever_the_clock_did(
    world: World, restarted: bool
) -> None:
    await queue(world, 3)
    fault = {"kind": "429", "method": "sendMessage", "retry_after": ASKED, "chat_id": FIRST}
    await world.sandbox.clock.set(START + YEAR)
    world.sandbox.faults.add(fault)
    async with world.bot():
        await world.settle()
        assert (await states(world))["queued"] >= 1
        if not restarted:
            await _back(world)
    await world.sandbox.clock.set(START)
    with _noticing() as mended:
        async with world.bot():
            async with asyncio.timeout(PATIENCE):
                await mended.wait()
            await world.pass_time(seconds=ASKED - 10)
            assert (await states(world))["queued"] >= 1, "it is not over earlier either"
            await world.pass_time(seconds=11)
    assert await states(world) == {"sent": 3}


async def test_what_an_outage_put_off_is_tried_again_soon(world: World) -> None:
    await queue(world, 4)
    await world.sandbox.clock.set(START + YEAR)
    rule = world.sandbox.faults.add(
        {"kind": "5xx", "status": 500, "method": "sendMessage", "times": None}
    )
    async with world.bot():
        for _ in range(4):
            await world.pass_time(minutes=2)
        world.sandbox.faults.remove(rule)
        await _back(world, minutes=11)
    assert await states(world) == {"sent": 4}


async def test_a_message_of_that_time_and_an_update_that_failed_do_not_wait_for_it(
    world: World,
) -> None:
    await appoint(world)
    await world.sandbox.clock.set(START + YEAR)
    world.sandbox.inject(NONSENSE)
    async with world.bot():
        await world.settle()
        await world.sandbox.clock.set(START)
        for _ in range(5):
            await world.pass_time(minutes=3)
        assert "otklik doctor" in world.screen(ADMIN).text, "parked, and the admins were told"


async def test_a_lease_of_that_time_ends(world: World) -> None:
    await queue(world)
    url = world.settings.database_url
    async with open_database(url) as database:
        async with database.transaction() as tx:
            assert await outbox.claim(tx, START + YEAR)
        await clock_jumps.mend(database, START, seen=True)
        async with database.transaction() as tx:
            later = START + outbox.LEASE + timedelta(seconds=1)
            assert not await outbox.claim(tx, later)
            assert await tally.by_state(tx) == {"unknown": 1}


async def test_a_slot_older_than_one_that_was_used_is_not_used(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        campaign = (await world.operate("start_campaign", text=MONTHLY))["campaign"]
        async with world.database() as database, database.reading() as reader:
            planned = (await campaigns.get(reader, campaign)).next_due_at
        assert planned is not None
        await world.sandbox.clock.set(START + YEAR)
        await world.settle()
        await _back(world)
        async with world.database() as database, asyncio.timeout(PATIENCE):
            again = None
            while again != planned:  # looking at the clock is no due work: nobody else waits for it
                await asyncio.sleep(0.01)
                async with database.reading() as reader:
                    again = (await campaigns.get(reader, campaign)).next_due_at
        await world.sandbox.clock.set(planned + timedelta(hours=1))
        await world.settle()
        asked = len(delivered(world))
        for moment in (START, planned + timedelta(hours=2)):
            await world.sandbox.clock.set(moment)
            await world.settle()
        assert len(delivered(world)) == asked
    async with world.database() as database, database.reading() as reader:
        labels = [wave.label for wave in await campaigns.waves_of(reader, campaign)]
    assert len(labels) == len(set(labels))
    assert planned.date().isoformat() in labels


async def test_an_event_of_that_time_is_followed_after_its_wait(world: World) -> None:
    plan = "survey: service_request\nwhen: {event: deal-closed, after_hours: 2}\n"
    async with world.bot():
        await world.arrive("C1")
        await world.operate("start_campaign", text=plan)
    await world.sandbox.clock.set(START + YEAR)
    await world.operate("tell_event", event="deal-closed", customer="C1", deal="D-7")
    await world.sandbox.clock.set(START)
    async with world.writing() as database:
        await clock_jumps.mend(database, START, seen=True)
    before = len(world.sandbox.messages(ANNA))
    async with world.bot():
        await world.pass_time(hours=1)
        assert len(world.sandbox.messages(ANNA)) == before
        await world.pass_time(hours=1, minutes=1)
        assert len(world.sandbox.messages(ANNA)) == before + 1
