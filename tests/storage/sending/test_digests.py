import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from storage.database import open_database
from storage.sending import digests
from storage.sending.digests import DigestRun
from surveys.campaign.schedule import next_slot
from tests.storage.world import DAY, NOW, World

ZONE = "Europe/Moscow"


async def _subscribe(world: World, person: int = 0) -> datetime:
    slot = next_slot("weekly", 9, ZONE, NOW)
    async with world.database.transaction() as tx:
        await digests.subscribe(tx, world.managers[person], "weekly", 9, ZONE, slot, NOW)
    return slot


async def _claim(world: World, now: datetime) -> Sequence[DigestRun]:
    async with world.database.transaction() as tx:
        return await digests.claim_due(tx, now, next_slot)


async def test_a_subscription_is_changed_not_doubled(world: World) -> None:
    slot = await _subscribe(world)
    async with world.database.transaction() as tx:
        await digests.subscribe(tx, world.managers[0], "weekly", 18, "UTC", slot + DAY, NOW)
        (one,) = await digests.subscriptions(tx, world.managers[0])
        assert (one.hour, one.zone, one.next_due_at) == (18, "UTC", slot + DAY)
        await digests.subscribe(tx, world.managers[0], "monthly", 9, ZONE, slot, NOW)
        await digests.unsubscribe(tx, world.managers[0], "weekly")
        (one,) = await digests.subscriptions(tx, world.managers[0])
        assert one.frequency == "monthly"
        await digests.unsubscribe(tx, world.managers[0])
        assert await digests.subscriptions(tx, world.managers[0]) == []
        assert await digests.next_due(tx) is None


async def test_a_slot_is_claimed_once(world: World) -> None:
    slot = await _subscribe(world)
    assert await _claim(world, slot - timedelta(seconds=1)) == []
    claims = await asyncio.gather(*(_claim(world, slot) for _ in range(10)))
    (run,) = [run for found in claims for run in found]
    assert (run.person_id, run.slot, run.frequency, run.zone) == (
        world.managers[0],
        slot,
        "weekly",
        ZONE,
    )
    assert (run.state, run.period_key) == ("pending", None)
    async with world.database.reading() as reader:
        assert await digests.pending(reader) == [run]
        (one,) = await digests.subscriptions(reader, world.managers[0])
    assert one.next_due_at == slot + 7 * DAY


async def test_a_claimed_slot_stays_claimed_after_a_restart(url: str) -> None:
    async with open_database(url) as database:
        world = await World.build(database)
        slot = await _subscribe(world)
        (run,) = await _claim(world, slot)
    async with open_database(url) as database:
        world.database = database
        assert await _claim(world, slot) == []
        async with database.reading() as reader:
            assert await digests.pending(reader) == [run]


async def test_missed_slots_are_all_made_each_once(world: World) -> None:
    slot = await _subscribe(world)
    runs = await _claim(world, slot + 15 * DAY)
    assert [run.slot for run in runs] == [slot, slot + 7 * DAY, slot + 14 * DAY]
    assert await _claim(world, slot + 15 * DAY) == []


async def test_a_run_is_pending_until_it_is_finished(world: World) -> None:
    async with world.database.transaction() as tx:
        first = await digests.request(tx, world.managers[0], "2026-09", NOW)
        second = await digests.request(tx, world.managers[0], "2026-09", NOW)
        assert (first.period_key, first.slot, first.frequency) == ("2026-09", None, None)
        assert await digests.next_due(tx) == NOW
        assert await digests.count_due(tx, NOW) == 2
        await digests.finished(tx, first.id, "sent", NOW)
        assert await digests.pending(tx) == [second]
        await digests.finished(tx, second.id, "skipped", NOW)
        assert await digests.next_due(tx) is None
        assert (await digests.get(tx, second.id)).state == "skipped"
